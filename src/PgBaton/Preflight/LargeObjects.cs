using System.Globalization;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>They are in no stream, so that somebody has to say what becomes of them, and what it costs.</summary>
sealed class LargeObjects() : Check("PB1060", "data", "Can every large object be moved?", "there are no large objects")
{
    const long MuchBytes = 1L << 30;

    // Reading and hashing on both sides at once.
    const long BytesPerSecond = 200L << 20;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var objects = await LargeObject.ListAsync(servers.Source.Connection, ct);
        if (objects.Count == 0)
            return [];
        var count = Listing.Count(objects.Count, "large object", "large objects");
        if (!LargeObject.AreMoved(servers.Options))
            return [Warning(
                $"{count} will stay behind", "Rows that refer to them are moved. Columns of type bytea are not meant, they are moved like any other.",
                servers.Options.LargeObjects == LargeObjectChoice.Skip ? null : "--large-objects copy moves them along with the schemas or tables that were asked for.")];
        if (objects.FindAll(large => !large.MayRead) is { Count: > 0 } hidden)
        {
            var role = Sql.Identifier(servers.Source.Facts.User);
            return [Blocker(
                $"role {role} may not read {Listing.Count(hidden.Count, "large object", "large objects")}",
                $"{Listing.Of([.. hidden.Select(Name)])}.",
                Listing.Script([.. hidden.Select(large => $"GRANT SELECT ON LARGE OBJECT {Name(large)} TO {role};")]) + "\n-- or leave them behind: --large-objects skip",
                Listing.About([.. hidden.Select(large => $"large object {Name(large)}")]))];
        }

        var bytes = await servers.Source.Connection.QueryValueAsync<long>("SELECT pg_catalog.pg_relation_size('pg_catalog.pg_largeobject')", ct);
        const string how = "No stream carries them: they are copied, and compared byte for byte once more inside the fence, which is part of the downtime.";
        return [bytes > MuchBytes
            ? Warning(
                string.Create(CultureInfo.InvariantCulture, $"{count} add about {bytes / BytesPerSecond} s to the downtime"), how,
                "Allow for it with --max-downtime; turn them into bytea; or leave them behind: --large-objects skip.")
            : Notice($"{count} will be copied, and compared once more inside the fence", how)];
    }

    static string Name(LargeObject large) => large.Oid.ToString(CultureInfo.InvariantCulture);
}
