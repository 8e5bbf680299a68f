using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(PgBaton.Faults.Outcomes))]

namespace PgBaton.Faults;

/// <summary>What became of each scene; printed as a table when all are over. PGBATON_FAULTS_ROWS names a file that keeps the rows of all runs.</summary>
public sealed class Outcomes : IAsyncLifetime
{
    static readonly ConcurrentQueue<Row> _rows = [];

    /// <summary>As the outcome of a scene that did not end as it should.</summary>
    public const string Failed = "FAILED";

    /// <param name="group">What was done.</param>
    /// <param name="place">Where.</param>
    /// <param name="outcome">equal, or the documented stop.</param>
    /// <param name="seconds">The whole scene.</param>
    /// <param name="writes">Commits of the application that were acknowledged meanwhile.</param>
    public static void Add(string group, string place, string outcome, double seconds, int writes)
    {
        var row = new Row(group, place, outcome, seconds, writes);
        _rows.Enqueue(row);
        if (Environment.GetEnvironmentVariable("PGBATON_FAULTS_ROWS") is { Length: > 0 } file)
        {
            lock (_rows)
                File.AppendAllText(file, FormattableString.Invariant($"{group}\t{place}\t{outcome}\t{seconds:0.0}\t{writes}\t{Seed.OfRun}\n"));
        }
    }

    public ValueTask InitializeAsync()
    {
        Console.WriteLine($"seed {Seed.OfRun} (PGBATON_SEED={Seed.OfRun} does the same again)");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ServerPair.DisposeAllAsync();
        foreach (var line in Table())
            Console.WriteLine(line);
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
        var proven = rows.FindAll(row => row.Outcome != Failed);
        var commits = proven.Sum(row => row.Writes);
        yield return $"{proven.Count} runs proven ({rows.Count - proven.Count} not), {commits} acknowledged commits, 0 lost, 0 doubled; seed {Seed.OfRun}";
    }

    sealed record Row(string Group, string Place, string Outcome, double Seconds, int Writes);
}
