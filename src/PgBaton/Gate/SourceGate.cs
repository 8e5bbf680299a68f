namespace PgBaton.Gate;

static class SourceGate
{
    public static Task DropAsync(Migration migration, CancellationToken ct) => Task.CompletedTask;
}
