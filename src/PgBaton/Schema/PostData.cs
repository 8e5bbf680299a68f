namespace PgBaton.Schema;

static class PostData
{
    public static Task RunAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();

}
