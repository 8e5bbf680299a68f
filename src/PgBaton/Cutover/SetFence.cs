namespace PgBaton.Cutover;

static class SetFence
{
    public static Task RunAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();

    public static Task UndoAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();
}
