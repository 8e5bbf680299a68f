using Npgsql;
using PgBaton.Cli.Demo.Writers;
using PgBaton.Postgres;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>
/// What the transactions did, as numbers that each of them changes by exactly one: a lost and a repeated change both show.
/// Taken before the writers begin, and asked again at the end.
/// </summary>
sealed class EffectProof
{
    readonly IReadOnlyList<long> _before;
    readonly decimal _balances;

    EffectProof(IReadOnlyList<long> before, decimal balances) => (_before, _balances) = (before, balances);

    const string Balances = "SELECT sum(balance)::numeric FROM accounting.account";

    // What holds between tables after every single transaction, and not within one.
    static readonly (string Claim, string Violations)[] _always =
    [
        ("no order is there in part", """
            SELECT count(*) FROM shop.orders o
            LEFT JOIN (SELECT order_id, count(*) AS lines, sum(amount) AS total FROM shop.order_line GROUP BY order_id) l ON l.order_id = o.id
            WHERE (o.lines, o.total) IS DISTINCT FROM (l.lines, l.total)
            """),
        ("triggers took effect exactly once", """
            SELECT count(*) FROM shop.rating r
            FULL JOIN (SELECT product_id, count(*) AS reviews, sum(stars) AS stars FROM shop.review GROUP BY product_id) v USING (product_id)
            WHERE (r.reviews, r.stars) IS DISTINCT FROM (v.reviews, v.stars)
            """),
        ("every cart has its items, and no item lacks its cart", """
            SELECT count(*) FROM shop.cart c FULL JOIN shop.cart_item i ON i.cart_token = c.token WHERE i.cart_token IS NULL OR c.token IS NULL
            """),
    ];

    public static async Task<EffectProof> BeforeAsync(NpgsqlConnection source, IReadOnlyList<Writer> writers, CancellationToken ct)
        => new(await EffectsAsync(source, writers, ct), await source.QueryValueAsync<decimal>(Balances, ct));

    public async Task<IReadOnlyList<Proof>> AskAsync(NpgsqlConnection target, IReadOnlyList<Writer> writers, CancellationToken ct)
    {
        var after = await EffectsAsync(target, writers, ct);
        var wrong = writers.Select((writer, i) => (writer.Name, Was: after[i] - _before[i], Ought: writer.Ledger.Acknowledged.Count))
            .Where(effect => effect.Was != effect.Ought).ToList();
        var balances = await target.QueryValueAsync<decimal>(Balances, ct);
        List<Proof> proofs =
        [
            new("each transaction took effect exactly once", wrong.Count == 0, wrong.Count == 0
                ? $"{writers.Count} counters of effects, all equal to the writers' own"
                : string.Join("; ", wrong.Select(effect => $"{effect.Name}: {effect.Ought} acknowledged, {effect.Was} took effect"))),
            new("the sum of all balances is what it was", balances == _balances, $"{_balances} before, {balances} now"),
        ];
        foreach (var (claim, violations) in _always)
        {
            var count = await target.QueryValueAsync<long>(violations, ct);
            proofs.Add(new(claim, count == 0, Many(count, "violation")));
        }

        return proofs;
    }

    static async Task<IReadOnlyList<long>> EffectsAsync(NpgsqlConnection connection, IReadOnlyList<Writer> writers, CancellationToken ct)
    {
        List<long> effects = [];
        foreach (var writer in writers)
            effects.Add(await connection.QueryValueAsync<long>(writer.Effect, ct));
        return effects;
    }
}
