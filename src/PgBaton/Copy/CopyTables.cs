namespace PgBaton.Copy;

static class CopyTables
{
    public static Task RunAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();

    public static Task UndoAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();
}
