using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>Rows of a partitioned table, some of which move to another partition, and an audit log without any key.</summary>
sealed class Events(Endpoint endpoint, ShopSize size, TimeProvider time) : Writer("events", endpoint, size, time)
{
    public override string Summary => "insert into and move between partitions; audit without a key";

    public override string Effect => "SELECT count(*) FROM shop.event";

    protected override async Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct)
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO shop.event (happened_at, kind, customer_id, payload)
            VALUES (timestamptz '2026-01-01 00:00+00' + $1 * interval '1 second', 'live', $2, jsonb_build_object('n', $3))
            """, ct, random.Next(30_000_000), 1L + random.Next(Size.Customers), n);
        if (n % 3 == 0)
        {
            await connection.ExecuteAsync(
                "UPDATE shop.event SET happened_at = happened_at + interval '91 days' WHERE id = $1 AND happened_at < '2026-10-01 00:00+00'", ct,
                1L + random.Next(Size.Events));
        }

        await connection.ExecuteAsync(
            "INSERT INTO accounting.audit_log (writer, n, action, details) VALUES ('direct', $1, 'event', '{\"by\": \"events\"}')", ct, n);
        if (n % 10 == 0) // Twins: rows that are equal in every column.
        {
            await connection.ExecuteAsync(
                """
                UPDATE accounting.audit_log SET details = jsonb_build_object('redacted', $2)
                WHERE at = timestamptz '2025-01-01 00:00+00' + $1 * interval '1 minute'
                """, ct, 1 + random.Next(Size.Audits / 2), n);
        }
    }
}
