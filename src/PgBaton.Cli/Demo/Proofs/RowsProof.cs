using Npgsql;
using PgBaton.Postgres;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>
/// Every table of the shop as a multiset of rows: how many, and two sums over their MD5. A sum, since XOR would lose pairs of equal rows.
/// </summary>
static class RowsProof
{
    public static async Task<Proof> CompareAsync(NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var reading = new[] { DigestsAsync(source, ct), DigestsAsync(target, ct) };
        await Task.WhenAll(reading);
        var (left, right) = (await reading[0], await reading[1]);
        var different = left.Keys.Union(right.Keys).Where(table => left.GetValueOrDefault(table) != right.GetValueOrDefault(table)).Order().ToList();
        return new Proof(
            "every row of every table was equal at the moment of the cutover", different.Count == 0 && left.Count > 0,
            different.Count == 0
                ? $"{Many(left.Count, "table")}, {Many(left.Values.Sum(digest => digest.Rows), "row")}, digests equal"
                : string.Join("; ", different.Select(table => $"{table}: {Show(left, table)} on the source, {Show(right, table)} on the target")));
    }

    sealed record Digest(long Rows, string? Low, string? High);

    static async Task<IReadOnlyDictionary<string, Digest>> DigestsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var digests = new Dictionary<string, Digest>();
        foreach (var (table, query) in await connection.QueryAsync(Queries, row => (row.GetString(0), row.GetString(1)), ct))
            digests[table] = (await connection.QueryFirstAsync(
                query, row => new Digest(row.GetInt64(0), row.GetNullable<string>(1), row.GetNullable<string>(2)), ct))!;
        return digests;
    }

    // Columns by name, in alphabetical order: where they stand in the row is no part of the data.
    const string Queries = """
        SELECT format('%I.%I', nspname, relname), format($sql$
            SELECT count(*), sum(('x' || left(h, 16))::bit(64)::bigint)::text, sum(('x' || right(h, 16))::bit(64)::bigint)::text
            FROM (SELECT md5(ROW(%s)::text) AS h FROM ONLY %I.%I AS __r__) q $sql$,
            (SELECT string_agg(format('__r__.%I', attname), ', ' ORDER BY attname) FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped), nspname, relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname IN ('shop', 'accounting') AND relkind = 'r'
        """;

    static string Show(IReadOnlyDictionary<string, Digest> digests, string table)
        => digests.TryGetValue(table, out var digest) ? $"{Many(digest.Rows, "row")} with digest {digest.Low}" : "absent";
}
