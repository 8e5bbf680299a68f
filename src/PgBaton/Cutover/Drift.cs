using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Verify;

namespace PgBaton.Cutover;

/// <summary>What was changed on the publisher since the schema was copied, as far as rows could be missing on the subscriber for it.</summary>
/// <param name="Name">Qualified and quoted.</param>
/// <param name="What">As the end of a sentence about the table.</param>
/// <param name="IsNew">The subscriber has it not, or none of its rows.</param>
sealed record Drift(string Name, string What, bool IsNew = false)
{
    /// <summary>Compares names and columns of the tables in scope. Types only where the target's tables were made by us.</summary>
    public static async Task<List<Drift>> FindAsync(TwoSides sides, MigrationOptions options, CancellationToken ct)
    {
        var scope = new Scope(options);
        var here = (await Table.ListAsync(sides.Publisher, ct)).FindAll(scope.Includes);
        var there = (await Table.ListAsync(sides.Subscriber, ct)).FindAll(scope.Includes).ToDictionary(table => table.QualifiedName);
        var copied = await CopiedAsync(sides, ct);
        var isFollowed = Lane.Of(options).Follows;
        var published = await PublishedAsync(sides, ct);
        var columns = await Column.ListAsync(sides.Publisher, here.Select(table => table.Oid), ct);
        var columnsThere = await Column.ListAsync(sides.Subscriber, there.Values.Select(table => table.Oid), ct);

        var found = new List<Drift>();
        foreach (var table in here)
        {
            if (!there.TryGetValue(table.QualifiedName, out var other))
                found.Add(new Drift(table.QualifiedName, $"does not exist on the {sides.SubscriberName}", IsNew: true));
            else if (table.HoldsRows && table.IsLogged && !copied(table))
                found.Add(new Drift(table.QualifiedName, $"was made on the {sides.PublisherName} after the copy began", IsNew: true));
            else if (isFollowed && table.HoldsRows && table.IsLogged && !published.Contains(table.Oid))
                found.Add(new Drift(table.QualifiedName, "is not in our publication: what was written there did not come through the stream"));
            else if (Difference(columns[table.Oid], columnsThere[other.Oid], options.ExistingSchema, sides.SubscriberName) is { } difference)
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
        await using var sides = await TwoSides.OpenAsync(migration.Direction.Publisher, migration.Direction.Subscriber, "drift", ct);
        var shapes = await TableShapes.ReadAsync(sides.Publisher, migration.Options, ct);
        if ((await FindAsync(sides, migration.Options, ct)).FirstOrDefault() is { } drift)
            throw Errors.SchemaChanged(drift.Name, $"it {drift.What}");
        var now = await TablesNow.ReadAsync(sides.Source, sides.Journal, ct);
        if ((await VerificationJournal.RelationsAsync(sides.Journal, ct)).Find(relation => relation.HasOtherColumns(now)) is { } other)
            throw Errors.SchemaChanged(other.Name.ToString(), "a column of it was made anew or altered since its rows were compared");
        return shapes;
    }

    // A table of the source that was dropped and made anew is another one; on the target only names tell.
    static async Task<Func<Table, bool>> CopiedAsync(TwoSides sides, CancellationToken ct)
    {
        var rows = await sides.Journal.QueryAsync(
            "SELECT oid, schema, name FROM pgbaton.relation",
            row => (Oid: row.GetFieldValue<uint>(0), Name: Sql.Identifier(row.GetString(1), row.GetString(2))), ct);
        var (oids, names) = (rows.Select(row => row.Oid).ToHashSet(), rows.Select(row => row.Name).ToHashSet());
        return table => sides.IsBack ? names.Contains(table.QualifiedName) : oids.Contains(table.Oid);
    }

    // SET LOGGED makes a table whose changes ought to come; ALTER PUBLICATION takes one away.
    static async Task<HashSet<uint>> PublishedAsync(TwoSides sides, CancellationToken ct)
    {
        var name = await sides.Journal.QueryValueAsync<string>("SELECT name FROM pgbaton.migration", ct);
        return await Publication.TablesAsync(sides.Publisher, Direction.SlotNameOf(name, sides.IsBack), ct);
    }

    static string? Difference(IEnumerable<Column> here, IEnumerable<Column> there, bool mayDiffer, string side)
    {
        var known = there.ToDictionary(column => column.Name);
        foreach (var column in here)
        {
            if (!known.TryGetValue(column.Name, out var other))
                return $"has a column {column.QuotedName} that the {side} has not";
            if (!mayDiffer && other.Type != column.Type)
                return $"has a column {column.QuotedName} of type {column.Type}, on the {side} {other.Type}";
        }

        return null;
    }
}
