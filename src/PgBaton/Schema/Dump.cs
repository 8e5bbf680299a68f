using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Has pg_dump describe a database.</summary>
static class Dump
{
    /// <summary>Every object that is asked for, in an order in which they can be made.</summary>
    /// <param name="migration">Its scope decides what is asked for.</param>
    /// <param name="snapshot">Exported by a session on the source: what else is read of the catalog agrees with the dump.</param>
    /// <param name="ct">Ends pg_dump.</param>
    /// <exception cref="MigrationException">PB0301 to PB0304, PB0311.</exception>
    static Task<List<ArchiveEntry>> TakeAsync(Migration migration, string snapshot, CancellationToken ct)
        => DescribeAsync(migration.Source, migration, snapshot, "pre-data", ct);

    /// <summary>The target, asked as the source was.</summary>
    /// <exception cref="MigrationException">PB0301 to PB0304.</exception>
    public static async Task<List<ArchiveEntry>> DescribeTargetAsync(Migration migration, CancellationToken ct)
    {
        await using var connection = await migration.Target.OpenAsync("compare", ct);
        var children = await ChildTables.ReadAsync(connection, ct);
        var parts = await PartsAsync(connection, ct); // By their tables the scope chooses.
        var entries = await DescribeAsync(migration.Target, migration, snapshot: null, "compare", ct);
        return children.InOrder(entries.ConvertAll(entry => parts.GetValueOrDefault((entry.ClassOid, entry.ObjectOid))?.WithTable(entry) ?? entry));
    }

    static async Task<Dictionary<(uint ClassOid, uint ObjectOid), TablePart>> PartsAsync(NpgsqlConnection connection, CancellationToken ct)
        => (await connection.QueryAsync(Query.TableParts, TablePart.Read, ct)).ToDictionary(part => (part.ClassOid, part.ObjectOid));

    static async Task<List<ArchiveEntry>> DescribeAsync(Server server, Migration migration, string? snapshot, string step, CancellationToken ct)
    {
        var options = migration.Options;
        var program = await ClientProgram.FindAsync(options, server.Version, ct);
        using var folder = new PrivateFolder();
        var archive = Path.Combine(folder.Path, "archive");
        var environment = await LibpqEnvironment.CreateAsync(server, program, folder.Path, step, ct);
        var ended = await ChildProcess.RunAsync(program.Path, Arguments(options, server.Encoding, archive, snapshot), environment, ct);
        if (ended.ExitCode != 0)
            throw Errors.PgDumpFailed(program.Path, ended.ExitCode, ended.Error.ReplaceLineEndings(" "));
        // The databases' names may differ.
        return (await Archive.ReadAsync(archive, ct)).ConvertAll(entry => entry.OnDatabase(migration.Target.Database));
    }

    static IEnumerable<string> Arguments(MigrationOptions options, string encoding, string archive, string? snapshot)
    {
        List<string> arguments =
        [
            "--format=custom", "--compress=0", $"--encoding={encoding}", "--no-password", "--lock-wait-timeout=60s",
            $"--file={archive}",
            // Not --schema-only: that would leave out which materialized views have rows.
            "--section=pre-data", "--section=post-data", "--no-blobs",
            "--no-publications", "--no-subscriptions", "--exclude-schema=pgbaton",
        ];
        if (snapshot is not null)
            arguments.Add($"--snapshot={snapshot}");
        if (!options.Privileges)
            arguments.Add("--no-privileges");
        if (options.NoSecurityLabels)
            arguments.Add("--no-security-labels");
        // What -t names needs types and functions that pg_dump would leave out: then everything is asked for, and ArchiveScope chooses.
        if (options.Tables.Count == 0 && options.Schemas.Count > 0)
        {
            arguments.AddRange(options.Schemas.Select(pattern => $"--schema={pattern}"));
            arguments.Add("--extension=*");
        }

        arguments.AddRange(options.Tables.Count == 0 ? options.ExcludedSchemas.Select(pattern => $"--exclude-schema={pattern}") : []);
        return arguments;
    }

    /// <summary>The source's tables and its archive, as of the same moment.</summary>
    public static async Task<SourceSchema> TakeAsync(Migration migration, bool tellLeftBehind, CancellationToken ct)
    {
        await using var connection = await migration.Source.OpenAsync("pre-data", ct);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var snapshot = await connection.QueryValueAsync<string>("SELECT pg_catalog.pg_export_snapshot()", ct);
        var tables = await Table.ListAsync(connection, ct);
        var parts = await PartsAsync(connection, ct);
        foreach (var left in tellLeftBehind ? await connection.QueryAsync(Query.LeftBehind, row => row.GetString(0), ct) : [])
            migration.Report(new Notice($"{left} is not carried to the target".ReplaceLineEndings(" ")));
        var outside = await NeedsOutsideAsync(connection, new Scope(migration.Options), ct);
        var operators = (await connection.QueryAsync(
            Query.IndexExtensions, row => (Table: (row.GetString(0), row.GetString(1)), Extension: row.GetString(2)), ct))
            .ToLookup(use => use.Table, use => use.Extension);
        var numbers = await ColumnHistory.NumbersAsync(connection, ct);
        var children = await ChildTables.ReadAsync(connection, ct);
        var entries = children.InOrder(await TakeAsync(migration, snapshot, ct));
        if (tellLeftBehind)
            TellOrder(migration, children, new Scope(migration.Options));
        var extensions = entries.Where(entry => entry.Kind == "EXTENSION").ToDictionary(entry => entry.Name, entry => entry.Id);
        return new(tables, [.. entries.Select(WithTable).Select(WithNeedsOutside).Select((entry, place) => entry with { Position = place })]);

        ArchiveEntry WithNeedsOutside(ArchiveEntry entry)
            => outside.TryGetValue((entry.ClassOid, entry.ObjectOid), out var need) ? entry with { NeedsOutside = need } : entry;

        ArchiveEntry WithTable(ArchiveEntry entry)
            => entry.Kind is "TABLE" or "TYPE" ? entry with { Columns = numbers.GetValueOrDefault((entry.ClassOid, entry.ObjectOid)) }
                : entry.Kind == "MATERIALIZED VIEW DATA" ? entry with { Table = (entry.Schema, entry.Name) }
                : parts.TryGetValue((entry.ClassOid, entry.ObjectOid), out var part) ? WithExtensions(part.WithTable(entry))
                : entry;

        // pg_dump does not say that an index needs the extension its operators come from.
        ArchiveEntry WithExtensions(ArchiveEntry entry)
            => entry.Kind is "INDEX" or "CONSTRAINT"
                ? entry with { Needs = [.. entry.Needs, .. operators[entry.Table!.Value].Where(extensions.ContainsKey).Select(name => extensions[name])] }
                : entry;
    }

    static void TellOrder(Migration migration, ChildTables children, Scope scope)
    {
        foreach (var (table, order) in children.OutOfOrder.Where(child => scope.Includes(child.Table.Schema, child.Table.Name)))
            migration.Report(new Warning(
                "PB0318", $"the columns of table {table.QualifiedName} will stand in another order on the target: {string.Join(", ", order)}",
                "An INSERT or COPY that names no columns would meet it; name them, or make the table on the target yourself and use --existing-schema."));
    }

    // pg_dump does not say what an object needs of a schema that it was told to leave out: the target would refuse it.
    static async Task<Dictionary<(uint ClassOid, uint ObjectOid), string>> NeedsOutsideAsync(NpgsqlConnection connection, Scope scope, CancellationToken ct)
    {
        if (scope.IsEverything)
            return [];
        var needs = await connection.QueryAsync(
            Query.ForeignNeeds,
            row => (Object: (row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1)), Schema: row.GetString(2), What: row.GetString(3)), ct);
        return needs.Where(need => !scope.IncludesSchema(need.Schema)).DistinctBy(need => need.Object).ToDictionary(need => need.Object, need => need.What);
    }

    sealed record TablePart(uint ClassOid, uint ObjectOid, string Schema, string Name, long Bytes, string? RefersToSchema, string? RefersToName)
    {
        public static TablePart Read(NpgsqlDataReader row) => new(
            row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1), row.GetString(2), row.GetString(3), row.GetInt64(4),
            row.GetNullable<string>(5), row.GetNullable<string>(6));

        public ArchiveEntry WithTable(ArchiveEntry entry) => entry with
        {
            Table = (Schema, Name),
            Bytes = Bytes,
            RefersTo = RefersToSchema is null ? null : (RefersToSchema, RefersToName!),
        };
    }
}

/// <summary>What the source holds.</summary>
/// <param name="Tables">All of them, in scope or not.</param>
/// <param name="Entries">Of the archive.</param>
sealed record SourceSchema(IReadOnlyList<Table> Tables, IReadOnlyList<ArchiveEntry> Entries);
