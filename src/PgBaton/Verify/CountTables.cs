using System.Collections.Concurrent;

namespace PgBaton.Verify;

/// <summary>Compares numbers of rows only: quick, and no proof that a single row is right. Nothing it finds is called verified or kept.</summary>
static class CountTables
{
    /// <exception cref="MigrationException">PB0602, PB0603, PB0604, PB0605. That counts differ is no exception but the report's.</exception>
    public static async Task<CountReport> RunAsync(Migration migration, VerifyOptions options, CancellationToken ct)
    {
        var scope = await VerifiedScope.ReadAsync(migration, options, ct);
        var counted = new ConcurrentBag<TableCount>();
        var rounds = new TableRounds(migration.Source, migration.Target, options.Jobs ?? migration.Options.Jobs, options.MaxRate);
        await rounds.RunAsync(
            scope, token => VerifyTables.TakePairAsync(migration, token),
            async (pair, token) =>
            {
                var (source, target) = await pair.CountAsync(token);
                var count = new TableCount(pair.Name.ToString(), source, target);
                counted.Add(count);
                migration.Report(new TableCounted(count.Table, source, target));
            },
            ct);
        return new CountReport([.. counted.OrderBy(count => count.Table, StringComparer.Ordinal)]);
    }
}

/// <summary>Numbers of rows at one point of the source's history.</summary>
sealed record CountReport(IReadOnlyList<TableCount> Tables)
{
    public bool IsEqual => Tables.All(table => table.Rows == table.TargetRows);

    public ExitCode ExitCode => IsEqual ? ExitCode.Done : ExitCode.Differs;

    /// <summary>PB0606; null if all counts are equal, which does not say that rows are.</summary>
    public MigrationException? ToError() => IsEqual ? null : Errors.CountsDiffer([.. Tables.Where(table => table.Rows != table.TargetRows)]);
}

/// <param name="Table">Qualified and quoted.</param>
/// <param name="Rows">On the source.</param>
/// <param name="TargetRows">On the target; 0 also where it has no such table.</param>
sealed record TableCount(string Table, long Rows, long TargetRows);
