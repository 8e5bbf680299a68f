namespace PgBaton.Sequences;

static class SetSequences
{
    public static Task RunAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();

}
