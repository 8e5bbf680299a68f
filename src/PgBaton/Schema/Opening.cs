using Npgsql;

namespace PgBaton.Schema;

static class Opening
{
    public static Task BeforeOpenAsync(Migration migration, NpgsqlConnection target, CancellationToken ct) => Task.CompletedTask;

    public static Task AfterOpenAsync(Migration migration, CancellationToken ct) => Task.CompletedTask;
}
