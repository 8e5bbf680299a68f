namespace PgBaton;

static class Follow
{
    public static Task<StepResult> RunAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();
}
