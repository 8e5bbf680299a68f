namespace PgBaton.Cutover;

static class OpenTarget
{
    public static Task RunAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();

}
