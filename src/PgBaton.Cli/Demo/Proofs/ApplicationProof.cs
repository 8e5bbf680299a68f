using PgBaton.Cli.Demo.Writers;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>The application noticed nothing but the cutover.</summary>
static class ApplicationProof
{
    /// <param name="ledgers">Of all writers.</param>
    /// <param name="fenceFrom">When the fence was asked for.</param>
    public static Proof Of(IReadOnlyList<Ledger> ledgers, long fenceFrom)
    {
        var until = ledgers.Max(ledger => ledger.Handover()?.To ?? long.MinValue);
        var refusals = ledgers.SelectMany(ledger => ledger.Refusals.Select(refusal => (ledger.Writer, refusal))).ToList();
        var others = refusals.Where(refusal => refusal.refusal.Timestamp < fenceFrom || refusal.refusal.Timestamp > until).ToList();
        return new Proof(
            "no writer met an error before or after the cutover", others.Count == 0,
            others.Count == 0
                ? $"{Many(refusals.Count, "refusal")} while the writers changed over, each tried again"
                : string.Join("; ", others.Select(other => $"{other.Writer}: {other.refusal.Why} on the {other.refusal.Endpoint}").Distinct()));
    }
}
