using System.Globalization;

namespace PgBaton.Tests.Cutover;

/// <summary>The measure of the whole: eight clients with ledgers, there, back, there again and to the end.</summary>
[Trait("Category", "Migration")]
[Trait("Length", "Long")]
public sealed class EightWritersTests(ITestOutputHelper output)
{
    const int Tables = 50;

    [Theory]
    [InlineData(15, 17)]
    [InlineData(17, 15)]
    [InlineData(17, 18)]
    [InlineData(18, 17)]
    public async Task eight_ledgers_are_whole_at_the_end(int from, int to)
    {
        await using var source = await TestServer.Of(from).CreateDatabaseAsync();
        await using var target = await TestServer.Of(to).CreateDatabaseAsync();
        await source.ExecuteAsync(
            LedgerWriters.Schema + string.Concat(Enumerable.Range(1, Tables - 2).Select(i => $"CREATE TABLE t{i} (id int PRIMARY KEY, v text); INSERT INTO t{i} SELECT g, 'x' FROM generate_series(1, 100) g;")));
        await using var writers = new LedgerWriters(source, target, clients: 8).Start();
        // A newer server's schema cannot always be made on an older one; this one can.
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri, IgnoredFindings = ["PB1060", "PB1010"] };
        await using var migration = Migration.Open(options);
        var inSync = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var downtimes = new List<double>();
        migration.Happened += happened =>
        {
            _ = happened is InSync && inSync.TrySetResult();
            if (happened is TargetOpened or SourceOpened)
                downtimes.Add(happened is TargetOpened opened ? opened.DowntimeSeconds : ((SourceOpened)happened).DowntimeSeconds);
        };
        var engine = migration.RunAsync(Goal.Finished);
        await await Task.WhenAny(inSync.Task, engine).WaitAsync(TimeSpan.FromMinutes(2));
        await using var words = Migration.Open(options);

        foreach (var word in (string[])["cutover", "rollback", "cutover"])
        {
            await writers.AdvanceAsync(20);
            writers.LongestWait();
            await SayAsync(words, word, engine);
            await writers.AdvanceAsync(20);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{from} → {to} {word}: the longest wait of a client was {writers.LongestWait().TotalSeconds:0.00} s, the downtime {downtimes[^1]:0.00} s"));
        }

        await writers.StopAsync();
        await SayAsync(words, "verify", engine);
        await writers.MustBeOnAsync(source); // The way back has carried everything.
        await SayAsync(words, "finish", engine);
        await engine.WaitAsync(TimeSpan.FromMinutes(1));
        await writers.MustBeOnAsync(target);
        Assert.Equal(3, downtimes.Count);
        Assert.All(downtimes, seconds => Assert.InRange(seconds, 0.001, 30));
    }

    static async Task SayAsync(Migration migration, string word, Task engine)
    {
        var saying = migration.SayAsync(word, new WordArguments());
        if (await Task.WhenAny(saying, engine) == engine)
            await engine;
        var outcome = await saying.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(outcome.ExitCode == 0, $"{word}: {outcome}");
    }
}
