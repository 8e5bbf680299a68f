using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>What was changed on the source since its schema was copied, as far as rows could be missing on the target for it.</summary>
/// <param name="Name">Qualified and quoted.</param>
/// <param name="What">As the end of a sentence about the table.</param>
sealed record Drift(string Name, string What)
{
    /// <summary>Compares names and columns of the tables in scope. Types only where the target's tables were made by us.</summary>
    public static async Task<List<Drift>> FindAsync(NpgsqlConnection source, NpgsqlConnection target, MigrationOptions options, CancellationToken ct)
    {
        var scope = new Scope(options);
        var here = (await Table.ListAsync(source, ct)).FindAll(scope.Includes);
        var there = (await Table.ListAsync(target, ct)).FindAll(scope.Includes).ToDictionary(table => table.QualifiedName);
        var copied = (await target.QueryAsync("SELECT oid FROM pgbaton.relation", row => row.GetFieldValue<uint>(0), ct)).ToHashSet();
        var published = await PublishedAsync(source, target, ct);
        var columns = await Column.ListAsync(source, here.Select(table => table.Oid), ct);
        var columnsThere = await Column.ListAsync(target, there.Values.Select(table => table.Oid), ct);

        var found = new List<Drift>();
        foreach (var table in here)
        {
            if (!there.TryGetValue(table.QualifiedName, out var other))
                found.Add(new Drift(table.QualifiedName, "does not exist on the target"));
            else if (table.HoldsRows && table.IsLogged && !copied.Contains(table.Oid))
                found.Add(new Drift(table.QualifiedName, "was made on the source after the copy began"));
            else if (table.HoldsRows && table.IsLogged && !published.Contains(table.Oid))
                found.Add(new Drift(table.QualifiedName, "is not in our publication: what was written there did not come through the stream"));
            else if (Difference(columns[table.Oid], columnsThere[other.Oid], options.ExistingSchema) is { } difference)
                found.Add(new Drift(table.QualifiedName, difference));
        }

        return found;
    }

    /// <summary>
    /// Before the fence, because it takes its time. Returns the shapes that it holds for: as long as they stay, there is none.
    /// </summary>
    /// <exception cref="MigrationException">PB0713.</exception>
    public static async Task<TableShapes> MustBeNoneAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("drift", ct);
        await using var target = await migration.Target.OpenAsync("drift", ct);
        var shapes = await TableShapes.ReadAsync(source, migration.Options, ct);
        return (await FindAsync(source, target, migration.Options, ct)).FirstOrDefault() is { } drift
            ? throw Errors.SchemaChanged(drift.Name, $"it {drift.What}")
            : shapes;
    }

    // SET LOGGED makes a table whose changes ought to come; ALTER PUBLICATION takes one away.
    static async Task<HashSet<uint>> PublishedAsync(NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var name = await target.QueryValueAsync<string>("SELECT 'pgbaton_' || name FROM pgbaton.migration", ct);
        return [.. await source.QueryAsync(
            """
            SELECT r.prrelid FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE p.pubname = $1
            """,
            row => row.GetFieldValue<uint>(0), ct, name)];
    }

    static string? Difference(IEnumerable<Column> here, IEnumerable<Column> there, bool mayDiffer)
    {
        var known = there.ToDictionary(column => column.Name);
        foreach (var column in here)
        {
            if (!known.TryGetValue(column.Name, out var other))
                return $"has a column {column.QuotedName} that the target has not";
            if (!mayDiffer && other.Type != column.Type)
                return $"has a column {column.QuotedName} of type {column.Type}, on the target {other.Type}";
        }

        return null;
    }
}
