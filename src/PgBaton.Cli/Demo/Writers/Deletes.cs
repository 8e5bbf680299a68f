using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>Carts that vanish together with their items, by ON DELETE CASCADE; for each there come two new ones.</summary>
sealed class Deletes(Endpoint endpoint, ShopSize size, TimeProvider time) : Writer("deletes", endpoint, size, time)
{
    public override string Summary => "delete carts (cascading) and make new ones";

    public override string Effect => "SELECT count(*) FROM shop.cart";

    protected override async Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct)
    {
        var deleted = await connection.ExecuteAsync("DELETE FROM shop.cart WHERE token = md5('cart' || $1)::uuid", ct, n);
        if (deleted != 1)
            throw new InvalidOperationException($"cart {n} was deleted {deleted} times");
        var made = Size.Carts + (2 * n);
        await connection.ExecuteAsync(
            "INSERT INTO shop.cart (token, expires_at) SELECT md5('cart' || c)::uuid, now() + interval '1 day' FROM generate_series($1, $2) c", ct,
            made - 1, made);
        await connection.ExecuteAsync(
            """
            INSERT INTO shop.cart_item (cart_token, product_id, quantity)
            SELECT md5('cart' || c)::uuid, p, 1 FROM generate_series($1, $2) c, generate_series(1, 3) p
            """, ct, made - 1, made);
    }
}
