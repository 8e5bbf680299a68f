using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Verify;

/// <summary>What it takes to compare rows of any table by key, read beforehand.</summary>
sealed class TableDigests(
    RowDigest digest, Dictionary<TableName, TableShape> source, Dictionary<TableName, TableShape> target,
    IReadOnlyDictionary<uint, Equality> sourceEqualities, IReadOnlyDictionary<uint, Equality> targetEqualities)
{
    public static async Task<TableDigests> ReadAsync(Migration migration, NpgsqlConnection onSource, NpgsqlConnection onTarget, CancellationToken ct)
    {
        var (source, target) = (await TableShape.ListAsync(onSource, ct), await TableShape.ListAsync(onTarget, ct));
        return new TableDigests(
            await RowDigest.ForAsync(migration.Source, migration.Target, new VerifyOptions(), ct), source, target,
            await EqualitiesAsync(onSource, source, ct), await EqualitiesAsync(onTarget, target, ct));
    }

    /// <summary>Null if one side has no such table, or it has no key to tell rows by.</summary>
    public TouchedDigest? Find(TouchedTable table)
    {
        var name = new TableName(table.Schema, table.Name);
        return source.TryGetValue(name, out var ours) && target.TryGetValue(name, out var theirs) && ours.Key.Count > 0
               && Lookup(ours, table, sourceEqualities) is { } here && Lookup(theirs, table, targetEqualities) is { } there
            ? new TouchedDigest(new TableDigest(ours, theirs, digest), ours, theirs, here, there) : null;
    }

    static KeyLookup? Lookup(TableShape shape, TouchedTable table, IReadOnlyDictionary<uint, Equality> equalities)
    {
        var columns = table.Columns.Select(name => shape.Columns.FirstOrDefault(column => column.Name == name)).OfType<Column>().ToList();
        return columns.Count == table.Columns.Count ? new KeyLookup(columns, equalities) : null;
    }

    static Task<IReadOnlyDictionary<uint, Equality>> EqualitiesAsync(
        NpgsqlConnection connection, Dictionary<TableName, TableShape> shapes, CancellationToken ct)
        => Equality.ListAsync(connection, shapes.Values.SelectMany(shape => shape.Columns).Select(column => column.TypeOid), ct);
}

/// <summary>One table's rows, by key.</summary>
sealed record TouchedDigest(TableDigest Digest, TableShape Source, TableShape Target, KeyLookup OnSource, KeyLookup OnTarget)
{
    /// <summary>The rows of these keys that are not the same on both sides; a key that neither side has any more is none.</summary>
    public async Task<IReadOnlyList<RowDifference>> CompareAsync(NpgsqlConnection source, NpgsqlConnection target, TouchedTable table, CancellationToken ct)
    {
        var keys = KeyLookup.Parameters([.. table.Keys!.Select(TouchedRows.Split)], table.Columns.Count);
        var found = new RowDifferences(Source.Key);
        var (ours, theirs) = (
            source.QueryAsync(Digest.FoundRowsOf(Piece.Whole(Source), OnSource), RowDifferences.Read, ct, keys),
            target.QueryAsync(Digest.FoundRowsOf(Piece.Whole(Target), OnTarget), RowDifferences.Read, ct, keys));
        await Task.WhenAll(ours, theirs);
        found.Add(Side.Source, await ours);
        found.Add(Side.Target, await theirs);
        return [.. found.List()];
    }
}
