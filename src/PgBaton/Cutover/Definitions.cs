using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>
/// What the definitions of a side come to, so that DDL is noticed which no table's shape tells of: a function, a view, a check, a partition that is attached. Read in some
/// milliseconds, inside the fence too; what was changed the whole comparison of both sides tells.
/// </summary>
/// <param name="Stamps">For each kind of object, in words.</param>
sealed record Definitions(SortedDictionary<string, string> Stamps)
{
    public static async Task<Definitions> ReadAsync(NpgsqlConnection side, CancellationToken ct)
    {
        var rows = await side.QueryAsync(Query.DefinitionStamps, row => (What: row.GetString(0), Stamp: row.GetString(1)), ct);
        return Of(rows);
    }

    public static async Task<Definitions> ReadAsync(Server server, CancellationToken ct)
    {
        await using var session = await server.OpenAsync("definitions", ct);
        return await ReadAsync(session, ct);
    }

    /// <summary>Those of both sides, as they are before they are compared.</summary>
    public static async Task RememberAsync(Migration migration, CancellationToken ct)
    {
        foreach (var server in new[] { migration.Source, migration.Target })
        {
            var lines = (await ReadAsync(server, ct)).Stamps.Select(stamp => $"{stamp.Key}\t{stamp.Value}");
            await migration.Journal.SetFactAsync(FactOf(server.Side), string.Join('\n', lines), ct);
        }
    }

    /// <summary>That side's when both were compared the last time; null if they never were.</summary>
    public static async Task<Definitions?> ComparedAsync(Migration migration, Side side, CancellationToken ct)
        => await migration.Journal.GetFactAsync(FactOf(side), ct) is { } lines
            ? Of(lines.Split('\n').Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1]))) : null;

    static string FactOf(Side side) => side == Side.Source ? Fact.Definitions : Fact.TargetDefinitions;

    static Definitions Of(IEnumerable<(string What, string Stamp)> rows)
        => new(new SortedDictionary<string, string>(rows.ToDictionary(row => row.What, row => row.Stamp), StringComparer.Ordinal));

    public bool Equals(Definitions? other) => other is not null && Stamps.SequenceEqual(other.Stamps);

    public override int GetHashCode() => Stamps.Count;

    /// <summary>Nothing was defined, redefined or dropped since.</summary>
    /// <exception cref="MigrationException">PB0713.</exception>
    public void MustEqual(Definitions before, Side side)
    {
        if (Stamps.Except(before.Stamps).Concat(before.Stamps.Except(Stamps)).Select(stamp => stamp.Key).FirstOrDefault() is { } changed)
            throw Errors.DefinitionsChanged(changed, side);
    }
}
