using Npgsql;
using PgBaton.Cli.Demo.Writers;
using PgBaton.Postgres;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>What the writers remember against what the target holds: each acknowledged transaction once, and nothing else.</summary>
/// <param name="Acknowledged">By all writers together.</param>
/// <param name="Missing">Acknowledged, and not there.</param>
/// <param name="Doubled">There more than once.</param>
/// <param name="Invented">There, though no writer ever sent it.</param>
sealed record LedgerProof(long Acknowledged, long Missing, long Doubled, long Invented)
{
    // Each transaction left a row in the ledger, and by a trigger one in a log without any key, where nothing stops a second one.
    const string Rows = """
        SELECT writer, n, count(*) FROM accounting.ledger GROUP BY writer, n
        UNION ALL
        SELECT writer || ', audited', n, count(*) FROM accounting.audit_log WHERE action = 'transaction' GROUP BY writer, n
        """;

    public static async Task<LedgerProof> AskAsync(NpgsqlConnection target, IReadOnlyList<Ledger> ledgers, CancellationToken ct)
    {
        var rows = await target.QueryAsync(Rows, row => (Writer: row.GetString(0), N: row.GetInt64(1), Count: row.GetInt64(2)), ct);
        var acknowledged = ledgers.SelectMany(ledger => new[] { (ledger.Writer, ledger), ($"{ledger.Writer}, audited", ledger) })
            .ToDictionary(pair => pair.Item1, pair => (long)pair.ledger.Acknowledged.Count);
        return Compare(acknowledged, rows) with { Acknowledged = ledgers.Sum(ledger => (long)ledger.Acknowledged.Count) };
    }

    /// <param name="acknowledged">By writer: transactions 1 to this number.</param>
    /// <param name="rows">What was found.</param>
    public static LedgerProof Compare(IReadOnlyDictionary<string, long> acknowledged, IReadOnlyList<(string Writer, long N, long Count)> rows)
    {
        bool IsKnown((string Writer, long N, long Count) row) => acknowledged.TryGetValue(row.Writer, out var last) && row.N >= 1 && row.N <= last;
        return new LedgerProof(
            acknowledged.Values.Sum(),
            acknowledged.Values.Sum() - rows.Where(IsKnown).Select(row => (row.Writer, row.N)).Distinct().Count(),
            rows.Where(IsKnown).GroupBy(row => (row.Writer, row.N)).Count(group => group.Sum(row => row.Count) > 1),
            rows.Count(row => !IsKnown(row)));
    }

    public IEnumerable<Proof> Proofs =>
    [
        new("every acknowledged transaction is on the target", Missing == 0, $"{Count(Acknowledged)} acknowledged, {Count(Missing)} missing"),
        new("none is there twice", Doubled == 0, $"{Count(Doubled)} doubled"),
        new("nothing is there that no writer sent", Invented == 0, $"{Count(Invented)} of unknown origin"),
    ];
}
