using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>Orders of several lines, taken from the stock and paid, all in one transaction; now and then a review, which fires a trigger.</summary>
sealed class OrderPlacer(Endpoint endpoint, ShopSize size, TimeProvider time) : Writer("orders", endpoint, size, time)
{
    public override string Summary => "place orders: lines, stock and payment in one transaction";

    public override string Effect => "SELECT count(*) FROM shop.orders";

    protected override async Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct)
    {
        var lines = Lines(random);
        var total = lines.Sum(line => line.Quantity * line.Price);
        var order = await connection.QueryValueAsync<long>(
            "INSERT INTO shop.orders (customer_id, lines, total, note) VALUES ($1, $2, $3, $4) RETURNING id", ct,
            1L + random.Next(Size.Customers), lines.Length, total, $"order {n}");
        await connection.ExecuteAsync(
            """
            INSERT INTO shop.order_line (order_id, line, product_id, quantity, unit_price)
            SELECT $1, line, product, quantity, price FROM unnest($2, $3, $4) WITH ORDINALITY AS l (product, quantity, price, line)
            """, ct, order, Products(lines), Quantities(lines), lines.Select(line => line.Price).ToArray());
        await connection.ExecuteAsync(
            """
            UPDATE shop.stock s SET quantity = s.quantity - l.quantity
            FROM unnest($1, $2) AS l (product, quantity) WHERE s.warehouse_id = 1 AND s.product_id = l.product
            """, ct, Products(lines), Quantities(lines));
        await connection.ExecuteAsync("INSERT INTO shop.payment (order_id, amount, reply) VALUES ($1, $2, '{\"ok\": true}')", ct, order, total);
        await connection.ExecuteAsync("UPDATE shop.orders SET status = 'paid' WHERE id = $1", ct, order);
        if (n % 4 == 0)
        {
            await connection.ExecuteAsync(
                "INSERT INTO shop.review (product_id, customer_id, stars, body) VALUES ($1, $2, $3, $4)", ct,
                lines[0].Product, 1L + random.Next(Size.Customers), 1 + random.Next(5), n % 8 == 0 ? null : "Arrived in time.");
        }
    }

    (int Product, int Quantity, decimal Price)[] Lines(Random random)
    {
        var first = random.Next(Size.Products);
        return [.. Enumerable.Range(0, 1 + random.Next(5)).Select(line =>
            (1 + ((first + (line * 7)) % Size.Products), 1 + random.Next(3), 1 + (random.Next(10_000) / 100m)))];
    }

    static int[] Products((int Product, int Quantity, decimal Price)[] lines) => [.. lines.Select(line => line.Product)];

    static int[] Quantities((int Product, int Quantity, decimal Price)[] lines) => [.. lines.Select(line => line.Quantity)];
}
