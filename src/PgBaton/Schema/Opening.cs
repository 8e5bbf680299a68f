using Npgsql;

namespace PgBaton.Schema;

static class Opening
{
    public static Task EnableAsync(Migration migration, NpgsqlConnection target, CancellationToken ct) => Task.CompletedTask;

    public static Task<int> SettleAsync(Migration migration, CancellationToken ct) => Task.FromResult(0);
}
