namespace PgBaton.Gate;

static class Decision
{
    public static Task<bool> IsMadeAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();
}
