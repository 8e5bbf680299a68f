using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>INSERT … ON CONFLICT DO UPDATE, on rows old and new.</summary>
sealed class Upserts(Endpoint endpoint, ShopSize size, TimeProvider time) : Writer("upserts", endpoint, size, time)
{
    public override string Summary => "upsert the views of a product";

    public override string Effect => "SELECT sum(views)::bigint FROM shop.product_view";

    protected override async Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct)
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO shop.product_view AS v (product_id, day, views) VALUES ($1, date '2026-01-01' + $2, 1)
            ON CONFLICT (product_id, day) DO UPDATE SET views = v.views + 1
            """, ct, 1 + random.Next(Size.Products), random.Next(8));
    }
}
