namespace PgBaton.Gate;

static class GateToken
{
    public static Task RenewAsync(Migration migration, CancellationToken ct) => Task.CompletedTask;
}
