using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Large objects are in no stream. They are compared, byte for byte, with what the other side has, and what differs is copied: first with the
/// tables, again before the fence, and inside it, where nobody can change them any more.
/// </summary>
static class LargeObjects
{
    const int ObjectsAtATime = 200;

    /// <summary>
    /// Makes the subscriber's large objects those of the publisher: numbers, bytes, comments, and owners and privileges where these are kept.
    /// Each that was written is read back. May be called any number of times.
    /// </summary>
    /// <returns>How many differed.</returns>
    /// <exception cref="MigrationException">PB0410 to PB0413, PB0205.</exception>
    public static async Task<int> SyncAsync(Migration migration, CancellationToken ct)
    {
        if (!LargeObject.AreMoved(migration.Options))
            return 0;
        await using var publisher = await migration.Direction.Publisher.OpenAsync("large-objects", ct);
        await using var reading = await publisher.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        return await SyncAsync(migration, publisher, ct);
    }

    /// <summary>The same for a session of the publisher in which nothing changes any more. It may have locked the catalogs.</summary>
    /// <exception cref="MigrationException">PB0410 to PB0413, PB0205.</exception>
    public static async Task<int> SyncAsync(Migration migration, NpgsqlConnection publisher, CancellationToken ct)
    {
        await using var subscriber = await migration.Direction.Subscriber.OpenAsync("large-objects", ct);
        await subscriber.ExecuteAsync("SET synchronous_commit = on", ct);
        var here = await LargeObject.ListAsync(publisher, ct);
        var there = (await LargeObject.ListAsync(subscriber, ct)).ToDictionary(large => large.Oid);
        if (here.Count + there.Count == 0)
            return 0;
        if (here.Find(large => !large.MayRead) is { } hidden)
            throw Errors.LargeObjectHidden(migration.Direction.Publisher.Side, hidden.Oid);

        var different = await RemoveAsync(migration, subscriber, here, there, ct);
        foreach (var some in here.Chunk(ObjectsAtATime))
            different += await BringLevelAsync(migration, publisher, subscriber, some, there, ct);
        if (migration.Direction.IsBack) // Should the target follow again, all that it has is ours.
            await migration.Journal.TakeTurnAsync(c => RecordAsync(c, here.Select(large => large.Oid), ct), ct);
        if (different > 0)
            migration.Report(new Notice($"{different} large {(different == 1 ? "object was" : "objects were")} brought level on the {migration.Direction.Subscriber.Name}"));
        return different;
    }

    /// <summary>How many differ in their bytes, or are on one side only.</summary>
    public static async Task<int> CountApartAsync(Migration migration, CancellationToken ct)
    {
        if (!LargeObject.AreMoved(migration.Options))
            return 0;
        await using var source = await migration.Source.OpenAsync("large-objects", ct);
        await using var target = await migration.Target.OpenAsync("large-objects", ct);
        await using var reading = await source.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await using var readingThere = await target.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var here = (await LargeObject.ListAsync(source, ct)).Select(large => large.Oid).ToHashSet();
        var there = (await LargeObject.ListAsync(target, ct)).Select(large => large.Oid).ToHashSet();
        var apart = here.Except(there).Count() + there.Except(here).Count();
        foreach (var some in here.Intersect(there).Chunk(ObjectsAtATime))
        {
            var digests = await LargeObjectBytes.DigestAsync(source, some, ct);
            var others = await LargeObjectBytes.DigestAsync(target, some, ct);
            apart += some.Count(oid => digests.GetValueOrDefault(oid) != others.GetValueOrDefault(oid));
        }

        return apart;
    }

    /// <summary>Takes those away again that were made on the target.</summary>
    public static async Task UndoAsync(Migration migration, CancellationToken ct)
    {
        await using var target = await migration.Target.OpenAsync("large-objects", ct);
        foreach (var some in (await OursAsync(migration, ct)).Chunk(ObjectsAtATime))
            await UnlinkAsync(migration, target, some, isTarget: true, ct);
    }

    static Task<int> RecordAsync(NpgsqlConnection target, IEnumerable<uint> oids, CancellationToken ct)
        => target.ExecuteAsync(
            "INSERT INTO pgbaton.large_object SELECT o FROM pg_catalog.unnest($1::oid[]) AS o ON CONFLICT DO NOTHING", ct, oids.ToArray());

    static async Task<HashSet<uint>> OursAsync(Migration migration, CancellationToken ct)
        => [.. await migration.Journal.TakeTurnAsync(
            c => c.QueryAsync("SELECT oid FROM pgbaton.large_object", row => row.GetFieldValue<uint>(0), ct), ct)];

    // What the publisher no longer has. On the target only what is ours: another's would be lost for good.
    static async Task<int> RemoveAsync(
        Migration migration, NpgsqlConnection subscriber, List<LargeObject> here, Dictionary<uint, LargeObject> there, CancellationToken ct)
    {
        var gone = there.Keys.Except(here.Select(large => large.Oid)).ToList();
        if (gone.Count == 0)
            return 0;
        var ours = migration.Direction.IsBack ? null : await OursAsync(migration, ct);
        if (ours is not null && gone.Find(oid => !ours.Contains(oid)) is var stranger and > 0)
            throw Errors.LargeObjectNotOurs(migration.Target.Side, stranger);
        foreach (var some in gone.Chunk(ObjectsAtATime))
            await UnlinkAsync(migration, subscriber, some, isTarget: !migration.Direction.IsBack, ct);
        return gone.Count;
    }

    static async Task UnlinkAsync(Migration migration, NpgsqlConnection connection, uint[] oids, bool isTarget, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.QueryAsync(
            "SELECT pg_catalog.lo_unlink(m.oid) FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = ANY ($1)", row => row.GetInt32(0), ct, oids);
        if (isTarget)
            await connection.ExecuteAsync("DELETE FROM pgbaton.large_object WHERE oid = ANY ($1)", ct, oids);
        await JournalEpoch.CheckAsync(connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    static async Task<int> BringLevelAsync(
        Migration migration, NpgsqlConnection publisher, NpgsqlConnection subscriber, LargeObject[] wanted, Dictionary<uint, LargeObject> there,
        CancellationToken ct)
    {
        var oids = wanted.Select(large => large.Oid).ToArray();
        var digesting = LargeObjectBytes.DigestAsync(publisher, oids, ct);
        var known = await LargeObjectBytes.DigestAsync(subscriber, [.. oids.Where(there.ContainsKey)], ct);
        var digests = await digesting;
        var differing = wanted.Where(large => known.GetValueOrDefault(large.Oid) != digests[large.Oid] || !IsLike(large, there[large.Oid], migration.Options)).ToList();
        if (differing.Count == 0)
            return 0;

        try
        {
            await CopyAsync(migration, publisher, subscriber, differing, [.. differing.Select(large => large.Oid).Where(there.ContainsKey)], digests, ct);
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal))
        {
            throw Errors.LargeObjectRefused(migration.Direction.Subscriber.Side, refusal);
        }

        return differing.Count;
    }

    static bool IsLike(LargeObject here, LargeObject there, MigrationOptions options)
        => here.Comment == there.Comment && (OwnerOf(here, options) is not { } owner || owner == there.Owner) && (!options.Privileges || here.Grants == there.Grants);

    static string? OwnerOf(LargeObject large, MigrationOptions options) => options.TargetOwner ?? (options.Owners ? large.Owner : null);

    // One transaction: each made anew, filled, described and read back.
    static async Task CopyAsync(
        Migration migration, NpgsqlConnection publisher, NpgsqlConnection subscriber, List<LargeObject> wanted, uint[] old,
        Dictionary<uint, LargeObjectDigest> digests, CancellationToken ct)
    {
        var oids = wanted.Select(large => large.Oid).ToArray();
        await using var transaction = await subscriber.BeginTransactionAsync(ct);
        await subscriber.QueryAsync("SELECT pg_catalog.lo_unlink(o) FROM pg_catalog.unnest($1::oid[]) AS o", row => row.GetInt32(0), ct, old);
        await subscriber.QueryAsync("SELECT pg_catalog.lo_create(o) FROM pg_catalog.unnest($1::oid[]) AS o", row => row.GetFieldValue<uint>(0), ct, oids);
        await LargeObjectBytes.CopyAsync(publisher, subscriber, [.. wanted.Select(large => digests[large.Oid])], ct);
        foreach (var commands in wanted.Select(large => Describe(large, migration.Options)).Where(commands => commands.Length > 0))
            await subscriber.ExecuteAsync($"DO {Sql.Literal($"BEGIN {commands} END")}", ct);
        var written = await LargeObjectBytes.DigestAsync(subscriber, oids, ct);
        if (wanted.Find(large => written[large.Oid] != digests[large.Oid]) is { } wrong)
            throw Errors.LargeObjectDiffers(migration.Direction.Subscriber.Side, wrong.Oid);
        if (!migration.Direction.IsBack)
            await RecordAsync(subscriber, oids, ct);
        await JournalEpoch.CheckAsync(subscriber, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    static string Describe(LargeObject large, MigrationOptions options)
        => (OwnerOf(large, options) is { } owner ? $"ALTER LARGE OBJECT {large.Oid} OWNER TO {Sql.Identifier(owner)}; " : "")
            + (options.Privileges && large.Grants is { } grants
                ? $"REVOKE ALL ON LARGE OBJECT {large.Oid} FROM PUBLIC; REVOKE ALL ON LARGE OBJECT {large.Oid} FROM CURRENT_USER; {(grants.Length > 0 ? $"{grants}; " : "")}"
                : "")
            + (large.Comment is { } comment ? $"COMMENT ON LARGE OBJECT {large.Oid} IS {Sql.Literal(comment)}; " : "");
}
