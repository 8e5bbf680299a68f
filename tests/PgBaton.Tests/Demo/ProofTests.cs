using Npgsql;
using PgBaton.Cli.Demo.Proofs;
using PgBaton.Cli.Demo.Writers;

namespace PgBaton.Tests.Demo;

/// <summary>Every proof holds for a good copy, and fails for the fault that it is there to find.</summary>
public sealed class ProofTests(DumpedShop shop) : IClassFixture<DumpedShop>
{
    const string Missing = "every acknowledged transaction is on the target";
    const string Doubled = "none is there twice";
    const string Invented = "nothing is there that no writer sent";
    const string Effect = "each transaction took effect exactly once";
    const string Sum = "the sum of all balances is what it was";
    const string InPart = "no order is there in part";
    const string Triggers = "triggers took effect exactly once";
    const string Cascade = "every cart has its items, and no item lacks its cart";
    const string Rows = "every row of every table was equal at the moment of the cutover";
    const string Sequences = "every sequence is ahead of every number in use";
    const string Schema = "the target's schema is the source's";
    const string Traces = "nothing of pgbaton is left on either server";

    [Fact]
    public async Task a_good_copy_refutes_nothing()
        => Assert.All(await shop.AskAsync(), proof => Assert.True(proof.Holds, $"{proof.Claim}: {proof.Evidence}"));

    [Theory]
    [InlineData(Missing, "DELETE FROM accounting.ledger WHERE writer = 'orders' AND n = 1")]
    [InlineData(Missing, "DELETE FROM accounting.audit_log WHERE writer = 'notes' AND n = 2")]
    [InlineData(Doubled, "INSERT INTO accounting.audit_log SELECT * FROM accounting.audit_log WHERE writer = 'upserts' AND n = 1")]
    [InlineData(Invented, "INSERT INTO accounting.ledger VALUES ('orders', 1000000)")]
    [InlineData(Invented, "INSERT INTO accounting.ledger VALUES ('stranger', 1)")]
    [InlineData(Effect, "UPDATE accounting.counter SET value = value + 1 WHERE name = 'counter 1'")]
    [InlineData(Effect, "UPDATE shop.product_view SET views = views - 1 WHERE (product_id, day) = (1, '2026-01-02')")]
    [InlineData(Effect, "DELETE FROM shop.event WHERE id = 1")]
    [InlineData(Sum, "UPDATE accounting.account SET balance = balance + 0.01 WHERE id = 7")]
    [InlineData(InPart, "DELETE FROM shop.order_line WHERE line = 1 AND order_id = (SELECT max(order_id) FROM shop.order_line)")]
    [InlineData(InPart, "UPDATE shop.orders SET total = total + 1 WHERE id = 1")]
    [InlineData(Triggers, "UPDATE shop.rating SET reviews = reviews + 1 WHERE product_id = (SELECT min(product_id) FROM shop.rating)")]
    [InlineData(Cascade, "DELETE FROM shop.cart_item WHERE cart_token = (SELECT min(cart_token::text)::uuid FROM shop.cart_item)")]
    [InlineData(Rows, "UPDATE shop.product SET name = name || ' ' WHERE id = 1")]
    [InlineData(Rows, "UPDATE shop.review SET body = '' WHERE body IS NULL AND id = (SELECT min(id) FROM shop.review WHERE body IS NULL)")]
    [InlineData(Rows, "UPDATE shop.product SET weight_kg = 1e-300 WHERE id = 1")]
    [InlineData(Rows, "UPDATE shop.payment SET reply = '{\"ok\":true}' WHERE id = (SELECT min(id::text)::uuid FROM shop.payment)")]
    [InlineData(Rows, "UPDATE shop.customer SET created_at = created_at + interval '1 microsecond' WHERE id = 1")]
    [InlineData(Rows, "UPDATE shop.address SET lines = '[2:3]={a,b}' WHERE customer_id = 1")]
    [InlineData(Rows, "DELETE FROM accounting.audit_log WHERE n = 5 AND writer = 'before'")] // A pair of equal rows: an XOR would not see it.
    [InlineData(Sequences, "ALTER SEQUENCE shop.orders_id_seq RESTART WITH 5")]
    [InlineData(Sequences, "INSERT INTO shop.orders (id, customer_id, lines, total) VALUES (1000000, 1, 0, 0)")]
    [InlineData(Schema, "DROP INDEX shop.orders_customer")]
    [InlineData(Schema, "ALTER TABLE shop.review DISABLE TRIGGER count_review")]
    [InlineData(Schema, "ALTER TABLE shop.orders ALTER COLUMN status DROP DEFAULT")]
    [InlineData(Schema, "REVOKE UPDATE ON shop.stock FROM shop_app")]
    [InlineData(Schema, "COMMENT ON COLUMN shop.product.net_price IS NULL")]
    [InlineData(Schema, "ALTER TABLE accounting.audit_log REPLICA IDENTITY FULL")]
    [InlineData(Schema, "ALTER TABLE shop.event DETACH PARTITION shop.event_2026q2")]
    [InlineData(Traces, "CREATE SCHEMA pgbaton")]
    [InlineData(Traces, "CREATE PUBLICATION pgbaton_shop FOR TABLE shop.orders")]
    public async Task a_fault_is_found(string claim, string fault)
    {
        await using var transaction = await shop.Target.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand(fault, shop.Target, transaction))
            Assert.NotEqual(0, await command.ExecuteNonQueryAsync());

        Assert.False((await shop.AskAsync()).Single(proof => proof.Claim == claim).Holds);
    }

    [Fact]
    public void losses_and_doubles_are_told_apart()
    {
        var acknowledged = new Dictionary<string, long> { ["a"] = 3, ["b"] = 1 };
        Assert.Equal(new LedgerProof(4, 0, 0, 0), LedgerProof.Compare(acknowledged, [("a", 1, 1), ("a", 2, 1), ("a", 3, 1), ("b", 1, 1)]));
        Assert.Equal(new LedgerProof(4, 1, 1, 0), LedgerProof.Compare(acknowledged, [("a", 1, 2), ("a", 3, 1), ("b", 1, 1)]));
        Assert.Equal(new LedgerProof(4, 2, 0, 2), LedgerProof.Compare(acknowledged, [("a", 1, 1), ("a", 2, 1), ("a", 4, 1), ("c", 1, 1)]));
    }

    [Fact]
    public void an_error_outside_the_cutover_is_told()
    {
        var ledger = new Ledger("orders");
        ledger.Acknowledge("source", 10);
        ledger.Refused("25006", "source", 20);
        ledger.Acknowledge("target", 30);
        Assert.True(ApplicationProof.Of([ledger], fenceFrom: 15).Holds);

        ledger.Refused("40P01", "target", 40);
        var proof = ApplicationProof.Of([ledger], fenceFrom: 15);
        Assert.False(proof.Holds);
        Assert.Contains("orders: 40P01 on the target", proof.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void the_wait_at_the_cutover_is_from_the_last_answer_of_one_server_to_the_first_of_the_other()
    {
        var ledger = new Ledger("orders");
        foreach (var (endpoint, at) in new[] { ("source", 10), ("source", 20), ("target", 50), ("target", 60) })
            ledger.Acknowledge(endpoint, at);
        Assert.Equal((20, 50), ledger.Handover());
    }
}
