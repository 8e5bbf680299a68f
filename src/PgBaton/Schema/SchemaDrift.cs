using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// What became of the source's schema since it was copied. DDL is in no stream, so the source is described once more by pg_dump and compared,
/// object by object, with what the journal holds. Everything pg_dump knows is looked at; nothing has to be normalised, because both texts come
/// from the same server.
/// </summary>
static class SchemaDrift
{
    const int Attempts = 5;

    /// <summary>Empty where the target's schema is the operator's own affair.</summary>
    public static async Task<IReadOnlyList<SchemaChange>> FindAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Options.ExistingSchema)
            return [];
        var dumped = await DumpAsync(migration, ct);
        var now = ArchiveScope.Choose(dumped.Entries, migration.Options).Kept;
        var then = await migration.Journal.TakeTurnAsync(c => RecordedAsync(c, ct), ct);
        var changes = Compare(then, now, migration.Options);
        if (changes.Count == 0)
            return [];
        await using var source = await migration.Source.OpenAsync("drift", ct);
        await using var target = await migration.Target.OpenAsync("drift", ct);
        var explained = new List<SchemaChange>();
        foreach (var change in changes)
            explained.Add(await TableChange.ExplainAsync(change, source, target, ct));
        return explained;
    }

    // pg_dump fails where an object goes away while it is described: DDL is what is looked for here, so that is to be expected.
    static async Task<SourceSchema> DumpAsync(Migration migration, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Dump.TakeAsync(migration, tellLeftBehind: false, ct);
            }
            catch (MigrationException failure) when (failure.Code == "PB0303" && attempt < Attempts)
            {
                migration.Report(new Notice($"the source's schema could not be read while it changes: {failure.Detail}"));
            }
        }
    }

    /// <summary>The failure of the stream, or the change of the schema that is behind it.</summary>
    public static async Task<MigrationException> ExplainAsync(Migration migration, MigrationException failure, CancellationToken ct)
        => failure.Code is not ("PB0505" or "PB0506" or "PB0507") || await FindAsync(migration, ct) is not { Count: > 0 } changes
            ? failure
            : Errors.SchemaDrifted(changes, failure);

    static Task<List<Recorded>> RecordedAsync(NpgsqlConnection target, CancellationToken ct)
        => target.QueryAsync(
            "SELECT description, kind, command, drop_command, table_schema, table_name FROM pgbaton.entry WHERE kind <> 'ROLE' ORDER BY position",
            row => new Recorded(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
                row.IsDBNull(4) ? null : (row.GetString(4), row.GetString(5))),
            ct);

    static List<Difference> Compare(List<Recorded> then, IReadOnlyList<ArchiveEntry> entries, MigrationOptions options)
    {
        var now = entries.Select(entry => entry with { Definition = entry.Command(options) }).ToList();
        var left = then.GroupBy(entry => entry.Description).ToDictionary(group => group.Key, group => new Queue<Recorded>(group));
        var (changed, added) = (new List<Difference>(), new List<ArchiveEntry>());
        foreach (var entry in now)
        {
            if (!left.TryGetValue(entry.Description, out var recorded) || !recorded.TryDequeue(out var was))
                added.Add(entry);
            else if (Comparable(entry.Kind, was.Command) != Comparable(entry.Kind, entry.Definition))
                changed.Add(new(entry.Description, "was changed", Replacing(was, entry), [entry.Description], [entry], was.Command));
        }

        // That a view is no longer filled is no change of the schema.
        var gone = left.Values.SelectMany(recorded => recorded).Where(entry => entry.Kind != "MATERIALIZED VIEW DATA").ToList();
        // What others may need comes before them, and what stands on others goes before these.
        var isNew = Added(added).ToLookup(difference => difference.Now[0].Kind is "SCHEMA" or "EXTENSION" or "TYPE" or "DOMAIN" or "FUNCTION" or "SEQUENCE");
        return [.. isNew[true], .. changed, .. isNew[false], .. Gone(gone).Reverse()];
    }

    // CREATE OR REPLACE leaves alone what stands on it; the rest has to go first.
    static string[] Replacing(Recorded was, ArchiveEntry entry)
        => entry.Kind is "FUNCTION" or "PROCEDURE" or "VIEW" && entry.Definition.StartsWith("CREATE ", StringComparison.Ordinal)
            ? [$"CREATE OR REPLACE {entry.Definition["CREATE ".Length..]}"]
            : [was.Drop, entry.Definition];

    // What belongs to a table that is new or gone itself is told of together with it.
    static IEnumerable<Difference> Added(List<ArchiveEntry> added)
    {
        var tables = added.Where(entry => entry.Kind == "TABLE").ToDictionary(entry => (entry.Schema, entry.Name));
        foreach (var group in added.GroupBy(entry => entry.Table is { } table && tables.TryGetValue(table, out var owner) ? owner : entry))
        {
            var together = group.Prepend(group.Key).Distinct().ToList();
            yield return new(group.Key.Description, "is new", [.. together.Select(entry => entry.Definition)], [], together);
        }
    }

    static IEnumerable<Difference> Gone(List<Recorded> gone)
    {
        var tables = gone.Where(entry => entry.Kind == "TABLE").Select(entry => entry.Description).ToHashSet();
        foreach (var group in gone.GroupBy(
                     entry => entry.Table is { } table && tables.Contains(Describe(table)) ? Describe(table) : entry.Description))
        {
            var drop = group.First(entry => entry.Description == group.Key).Drop;
            yield return new(
                group.Key, "is gone", [drop], [.. group.Select(entry => entry.Description)], [], Detached: group.First().Kind == "TABLE ATTACH" ? group.First().Table : null);
        }
    }

    static string Describe((string Schema, string Name) table) => $"TABLE {table.Schema} {table.Name}".ReplaceLineEndings(" ");

    // How a sequence is defined is carried over with where it stands.
    internal static string Comparable(string kind, string command)
        => kind == "SEQUENCE" && command.IndexOf("\n    ", StringComparison.Ordinal) is var end and > 0 ? command[..end] : command;

    sealed record Recorded(string Description, string Kind, string Command, string Drop, (string Schema, string Name)? Table);

    /// <summary>An object that is told of, as <see cref="SchemaChange"/>, before its columns have been looked at.</summary>
    /// <param name="Commands">May be empty strings.</param>
    /// <param name="Former">The definition that no longer holds; only of what was changed.</param>
    /// <param name="Detached">A partition that is a table of its own now.</param>
    internal sealed record Difference(
        string Object, string What, IReadOnlyList<string> Commands, IReadOnlyList<string> Was, IReadOnlyList<ArchiveEntry> Now,
        string Former = "", (string Schema, string Name)? Detached = null);
}
