namespace PgBaton;

static class Return
{
    public static Task<StepResult> RunAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();
}
