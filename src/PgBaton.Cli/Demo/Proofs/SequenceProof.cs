using System.Globalization;
using Npgsql;
using PgBaton.Postgres;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>No sequence of the target can give out a number that the source gave out, or that stands in its column.</summary>
static class SequenceProof
{
    public static async Task<Proof> CompareAsync(NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var (given, now) = (await PositionsAsync(source, ct), await PositionsAsync(target, ct));
        List<string> behind =
        [
            .. from sequence in given
               let there = now.TryGetValue(sequence.Key, out var position) ? position : (long?)null
               where there is null || there < sequence.Value
               select $"{sequence.Key}: {sequence.Value} on the source, {there?.ToString(CultureInfo.InvariantCulture) ?? "absent"} on the target",
        ];
        foreach (var (sequence, largest) in await target.QueryAsync(Columns, row => (row.GetString(0), row.GetString(1)), ct))
        {
            var inUse = await target.QueryValueAsync<long>(largest, ct);
            if (inUse > now[sequence])
                behind.Add($"{sequence}: {inUse} is in use, {now[sequence]} was given out");
        }

        return new Proof(
            "every sequence is ahead of every number in use", behind.Count == 0 && given.Count > 0,
            behind.Count == 0 ? Many(given.Count, "sequence") : string.Join("; ", behind));
    }

    // 0: never used. All of the shop's count upwards from 1.
    static async Task<Dictionary<string, long>> PositionsAsync(NpgsqlConnection connection, CancellationToken ct)
        => (await connection.QueryAsync(
                """
                SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, 0)
                FROM pg_sequences WHERE schemaname IN ('shop', 'accounting')
                """, row => (row.GetString(0), row.GetInt64(1)), ct))
            .ToDictionary(sequence => sequence.Item1, sequence => sequence.Item2);

    // The column each sequence belongs to, and the query for the largest value in it.
    const string Columns = """
        SELECT format('%I.%I', sn.nspname, s.relname), format('SELECT coalesce(max(%I), 0)::bigint FROM %I.%I', a.attname, tn.nspname, t.relname)
        FROM pg_depend d
        JOIN pg_class s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_namespace sn ON sn.oid = s.relnamespace AND sn.nspname IN ('shop', 'accounting')
        JOIN pg_class t ON d.refclassid = 'pg_class'::regclass AND t.oid = d.refobjid
        JOIN pg_namespace tn ON tn.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE d.deptype IN ('a', 'i')
        """;
}
