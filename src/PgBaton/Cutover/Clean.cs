namespace PgBaton.Cutover;

static class Clean
{
    public static Task RunAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();

}
