using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Whether our publication is as we left it. Nothing in the stream tells of a table that somebody took out, or took out and put in again: its
/// changes are missing, and those of others go on. The journal notes each entry of the publication when we change it.
/// </summary>
static class PublishedTables
{
    /// <summary>Changes the publication. Cut off in between, nothing is noted, and what is found next counts.</summary>
    public static async Task ChangeAsync(Migration migration, Direction direction, NpgsqlConnection publisher, Func<Task> change, CancellationToken ct)
    {
        await NoteAsync(migration, direction, new Dictionary<uint, uint>(), ct);
        await change();
        await NoteAsync(migration, direction, await EntriesAsync(direction, publisher, ct), ct);
    }

    /// <summary>The tables whose changes the publication has not sent all the time, though they are there.</summary>
    public static async Task<List<(uint Oid, string Name)>> TakenOutAsync(Migration migration, Direction direction, NpgsqlConnection publisher, CancellationToken ct)
        => await TakenOutAsync(migration, direction, publisher, await EntriesAsync(direction, publisher, ct), ct);

    static async Task<List<(uint Oid, string Name)>> TakenOutAsync(
        Migration migration, Direction direction, NpgsqlConnection publisher, IReadOnlyDictionary<uint, uint> entries, CancellationToken ct)
    {
        var noted = await NotedAsync(migration, direction, ct);
        if (noted.Count == 0)
            await NoteAsync(migration, direction, entries, ct);
        var suspects = noted.Where(entry => !entries.ContainsKey(entry.Key)).Select(entry => entry.Value).ToArray();
        // With a table, its entry goes: that is drift, and told as such.
        return suspects.Length == 0 ? [] : await publisher.QueryAsync(
            """
            SELECT c.oid, n.nspname::text, c.relname::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = ANY ($1)
             ORDER BY 2, 3
            """, row => (row.GetFieldValue<uint>(0), Sql.Identifier(row.GetString(1), row.GetString(2))), ct, suspects);
    }

    /// <exception cref="MigrationException">PB0527.</exception>
    public static async Task MustBeWholeAsync(Migration migration, NpgsqlConnection publisher, CancellationToken ct)
    {
        var (direction, side) = (migration.Direction, migration.Direction.Publisher.Side);
        var publication = await Publication.FindAsync(publisher, direction.SlotName, ct) ?? throw Errors.PublicationMissing(side, direction.SlotName);
        if (!publication.IsWhole)
            throw Errors.PublicationNarrowed(side, direction.SlotName);
        var taken = await TakenOutAsync(migration, direction, publisher, publication.Entries, ct);
        if (taken.Count > 0)
            throw Errors.TablesTakenOut(side, direction.SlotName, [.. taken.Select(table => table.Name)]);
    }

    static async Task<IReadOnlyDictionary<uint, uint>> EntriesAsync(Direction direction, NpgsqlConnection publisher, CancellationToken ct)
        => (await Publication.FindAsync(publisher, direction.SlotName, ct))?.Entries ?? new Dictionary<uint, uint>();

    static async Task<Dictionary<uint, uint>> NotedAsync(Migration migration, Direction direction, CancellationToken ct)
        => (await migration.Journal.TakeTurnAsync(
            c => c.QueryAsync(
                "SELECT entry, relation FROM pgbaton.published WHERE side = $1", row => (Entry: row.GetFieldValue<uint>(0), Table: row.GetFieldValue<uint>(1)), ct,
                Errors.Name(direction.Publisher.Side)), ct)).ToDictionary(entry => entry.Entry, entry => entry.Table);

    static Task NoteAsync(Migration migration, Direction direction, IReadOnlyDictionary<uint, uint> entries, CancellationToken ct)
        => migration.Journal.TakeTurnAsync(
            c => c.ExecuteAsync(
                """
                WITH former AS (DELETE FROM pgbaton.published WHERE side = $1 AND entry <> ALL ($2))
                INSERT INTO pgbaton.published (side, entry, relation) SELECT $1, * FROM unnest($2::oid[], $3::oid[]) ON CONFLICT DO NOTHING
                """, ct, Errors.Name(direction.Publisher.Side), entries.Keys.ToArray(), entries.Values.ToArray()), ct);
}
