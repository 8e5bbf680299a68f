using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Unlogged tables are in no stream: inside the fence, when nobody writes, they are copied once more, whole. Only unlogged tables can refer to
/// them, so that they can be emptied together.
/// </summary>
static class CopyUnlogged
{
    /// <exception cref="MigrationException">PB0408: the other side refused the rows; PB0205.</exception>
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Direction.Publisher.OpenAsync("copy", ct);
        var scope = new Scope(migration.Options);
        var tables = (await Table.ListAsync(source, ct)).FindAll(table => table.HoldsRows && !table.IsLogged && scope.Includes(table));
        if (tables.Count == 0)
            return;

        var columns = await Column.ListAsync(source, tables.Select(table => table.Oid), ct);
        await using var target = await TargetSession.OpenAsync(CopyRoute.Of(migration), ct);
        await using var transaction = await target.Connection.BeginTransactionAsync(ct);
        await target.Connection.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
        await target.Connection.ExecuteAsync($"TRUNCATE {string.Join(", ", tables.Select(table => $"ONLY {table}"))}", ct);
        foreach (var table in tables)
        {
            // As text: what text cannot carry is in no table that is small enough for the fence.
            var copied = await TextCopy.RunAsync(source, target.Connection, table, columns[table.Oid], ct);
            migration.Report(new Notice($"{table} is unlogged: its {copied.Rows} rows were copied again inside the fence"));
        }

        await JournalEpoch.CheckAsync(target.Connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }
}
