namespace PgBaton.Schema;

/// <summary>The indexes, primary key, unique and exclusion constraints of one table.</summary>
static class TableIndexes
{
    public static Task BuildAsync(Migration migration, string schema, string table, CancellationToken ct) => Task.CompletedTask;
}
