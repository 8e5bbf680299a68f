using System.Diagnostics;

namespace PgBaton.Tests;

/// <summary>The bench runs, and what it compares comes out equal; how long anything took is not its business here.</summary>
public sealed class BenchTests
{
    [Fact]
    [Trait("Length", "Long")]
    public async Task a_small_bench_ends_with_every_result_and_a_page()
    {
        var results = Directory.CreateTempSubdirectory("bench-").FullName;
        try
        {
            var (exitCode, output) = await RunAsync("--results", results, "--tools", "pgbaton subscription pump recvlogical");

            Assert.True(exitCode == 0, output);
            var runs = (await File.ReadAllLinesAsync($"{results}/runs.tsv")).Skip(1).Select(line => string.Join(' ', line.Split('\t').Take(2))).ToList();
            Assert.Equal(
                ["w1 pgbaton", "w1 subscription", "w1 pump", "w2 pgbaton", "w2 subscription", "w2 pump",
                    "c1 pgbaton", "c1 subscription", "c1 recvlogical", "c2 pgbaton", "c2 subscription", "c2 recvlogical",
                    "c3 pgbaton", "c3 subscription", "c3 recvlogical"],
                runs);
            var page = await File.ReadAllTextAsync($"{results}/results.md");
            Assert.Contains("| pgbaton | 1 |", page, StringComparison.Ordinal);
            Assert.Contains("## Idle latency", page, StringComparison.Ordinal);
            Assert.All(["w1", "w2", "c1", "c2", "c3"], workload => Assert.StartsWith("<svg ", File.ReadAllText($"{results}/{workload}.svg"), StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists($"{root}/pgbaton.slnx"))
            root = root.Parent!;
        using var process = Process.Start(new ProcessStartInfo($"{root}/bench/run.sh", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{output}{await errors}");
    }
}
