namespace PgBaton.Cutover;

static class Gates
{
    public static Task<IReadOnlyList<Finding>> ListAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();

    public static Task<bool> HasUnverifiedTablesAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();
}
