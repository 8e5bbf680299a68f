using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>Rows that get another primary key, and two rows that swap a unique value under a deferred constraint.</summary>
sealed class KeyChanges(Endpoint endpoint, ShopSize size, TimeProvider time) : Writer("key changes", endpoint, size, time)
{
    public override string Summary => "change primary keys, swap unique values";

    public override string Effect => "SELECT sum(amount * 100)::bigint FROM accounting.invoice";

    protected override async Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct)
    {
        var invoice = 1L + random.Next(Size.Invoices);
        await connection.ExecuteAsync(
            """
            UPDATE accounting.invoice SET number = split_part(number, '/', 1) || '/' || $2, amount = amount + 0.01
            WHERE number = (SELECT min(number) FROM accounting.invoice WHERE order_id = $1)
            """, ct, invoice, n);
        int one = 1 + random.Next(ShopSize.Categories), other = 1 + ((one + random.Next(ShopSize.Categories - 1)) % ShopSize.Categories);
        await connection.ExecuteAsync(
            """
            UPDATE shop.category c SET rank = o.rank
            FROM shop.category o WHERE (c.id, o.id) IN (($1, $2), ($2, $1))
            """, ct, one, other);
        await connection.ExecuteAsync(
            "UPDATE shop.address SET kind = CASE kind WHEN 'billing' THEN 'delivery'::shop.address_kind ELSE 'billing' END WHERE customer_id = $1",
            ct, 1L + random.Next(Size.Customers));
    }
}
