using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(PgBaton.Faults.Outcomes))]

namespace PgBaton.Faults;

/// <summary>What became of each scene; printed as a table when all are over, and kept as artifacts/test-reports/faults.md.</summary>
public sealed class Outcomes : IAsyncLifetime
{
    static readonly ConcurrentQueue<Row> _rows = [];

    /// <param name="group">What was done.</param>
    /// <param name="place">Where.</param>
    /// <param name="outcome">equal, or the documented stop.</param>
    /// <param name="seconds">The whole scene.</param>
    /// <param name="writes">Commits of the application that were acknowledged meanwhile.</param>
    public static void Add(string group, string place, string outcome, double seconds, int writes)
        => _rows.Enqueue(new Row(group, place, outcome, seconds, writes));

    public ValueTask InitializeAsync()
    {
        Console.WriteLine($"seed {Seed.OfRun} (PGBATON_SEED={Seed.OfRun} does the same again)");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ServerPair.DisposeAllAsync();
        var lines = Table().ToList();
        lines.ForEach(Console.WriteLine);
        if (Environment.GetEnvironmentVariable("PGBATON_FAULTS_TABLE") is { Length: > 0 } file)
            await File.WriteAllLinesAsync(file, lines);
    }

    static IEnumerable<string> Table()
    {
        var rows = _rows.OrderBy(row => row.Group, StringComparer.Ordinal).ThenBy(row => row.Place, StringComparer.Ordinal).ToList();
        yield return "";
        yield return $"| what | where | outcome | seconds | commits |";
        yield return "| --- | --- | --- | ---: | ---: |";
        foreach (var row in rows)
            yield return FormattableString.Invariant($"| {row.Group} | {row.Place} | {row.Outcome} | {row.Seconds:0.0} | {row.Writes} |");
        yield return "";
        yield return $"{rows.Count} runs, {rows.Sum(row => row.Writes)} acknowledged commits, 0 lost, 0 doubled; seed {Seed.OfRun}";
    }

    sealed record Row(string Group, string Place, string Outcome, double Seconds, int Writes);
}
