using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Verify;

/// <summary>A comparison that is under way can be ended, and keeps nobody from going back.</summary>
public sealed class StoppedVerificationTests
{
    static readonly WordArguments _slowly = new() { MaxRate = 200_000 }; // Minutes for some megabytes.

    [Fact]
    public async Task cancel_ends_a_comparison_and_withdraws_a_cutover_behind_one_without_disturbing_it()
    {
        await using var scene = await Scene.StartAsync();
        var verify = scene.Words.SayAsync("verify", _slowly);
        await scene.WaitForProgressAsync();
        var cutover = scene.Others.SayAsync("cutover", new WordArguments());
        await scene.WaitForWordsAsync("cutover", 1);

        Assert.Equal(0, (await scene.SayAsync("cancel")).ExitCode);
        Assert.Equal("PB0702", (await cutover.WaitAsync(TimeSpan.FromSeconds(30))).Error?.Code);
        Assert.False(verify.IsCompleted);
        await scene.WaitForProgressAsync();
        Assert.Equal(scene.Done.Order(), scene.Done); // It has not begun again.
        Assert.Contains(scene.Notices, notice => notice == "the cutover was taken back before its fence was set");

        var (exitCode, run) = await CommandProcess.RunWithAsync(scene.Environment, "verify", "--cancel");
        Assert.Equal((0, ""), (exitCode, run.Error));
        var outcome = await verify.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(("PB0611", (int)ExitCode.Stopped), (outcome.Error?.Code, outcome.ExitCode));
        Assert.Single(scene.Stopped);
        Assert.Equal("PB0209", (await scene.SayAsync("cancel")).Error?.Code); // There is nothing left to end.
        await scene.Source.ExecuteAsync("INSERT INTO t VALUES (-1, 'goes on')");
        await scene.Target.WaitForAsync("SELECT EXISTS (SELECT FROM t WHERE id = -1)");
    }

    [Fact]
    public async Task a_rollback_ends_the_comparisons_that_were_said_before_it()
    {
        await using var scene = await Scene.StartAsync();
        Assert.Equal(0, (await scene.SayAsync("cutover")).ExitCode);
        var first = scene.Words.SayAsync("verify", _slowly);
        await scene.WaitForProgressAsync();
        var second = scene.Others.SayAsync("verify", _slowly);
        await scene.WaitForWordsAsync("verify", 2);

        var back = await scene.SayAsync("rollback");

        Assert.True(back.ExitCode == 0, $"{back}");
        foreach (var verify in (Task<WordOutcome>[])[first, second])
            Assert.Equal("PB0611", (await verify.WaitAsync(TimeSpan.FromSeconds(30))).Error?.Code);
        Assert.Equal("source", (await Migration.StatusAsync(scene.Options)).Writer);
    }

    [Fact]
    public async Task a_pause_ends_the_comparison_that_is_under_way_and_says_so()
    {
        await using var scene = await Scene.StartAsync();
        var verify = scene.Words.SayAsync("verify", _slowly);
        await scene.WaitForProgressAsync();

        Assert.Equal(0, (await scene.SayAsync("pause")).ExitCode);

        var outcome = await verify.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("PB0611", outcome.Error?.Code);
        Assert.Contains("A pause was said", outcome.Error?.Detail, StringComparison.Ordinal);
        Assert.Single(scene.Stopped);
        Assert.Equal("PB0209", (await scene.SayAsync("verify")).Error?.Code);
        Assert.Equal(0, (await scene.SayAsync("resume")).ExitCode);
        Assert.Equal(0, (await scene.SayAsync("verify")).ExitCode);
    }

    // A migration in step with an engine of this process.
    sealed class Scene : IAsyncDisposable
    {
        readonly CancellationTokenSource _stop = new();
        readonly List<MigrationEvent> _happened = [];
        readonly Migration _migration;
        readonly Task _engine;

        Scene(TestDatabase source, TestDatabase target)
        {
            (Source, Target) = (source, target);
            Options = new MigrationOptions { Source = source.Uri, Target = target.Uri, IgnoredFindings = ["PB1081"] };
            _migration = Migration.Open(Options);
            _migration.Happened += Keep;
            (Words, Others) = (Migration.Open(Options), Migration.Open(Options));
            _engine = _migration.RunAsync(Goal.Finished, _stop.Token);
        }

        public TestDatabase Source { get; }

        public TestDatabase Target { get; }

        public MigrationOptions Options { get; }

        public Migration Words { get; }

        public Migration Others { get; }

        public Dictionary<string, string> Environment => new() { ["PGBATON_SOURCE"] = Source.Uri, ["PGBATON_TARGET"] = Target.Uri };

        public IReadOnlyList<long> Done => [.. Of<VerifyProgress>().Select(progress => progress.AllBytesDone)];

        public IReadOnlyList<string> Notices => [.. Of<Notice>().Select(notice => notice.Message)];

        public IReadOnlyList<VerifyStopped> Stopped => Of<VerifyStopped>();

        public static async Task<Scene> StartAsync()
        {
            var (source, target) = (await TestServer.Source.CreateDatabaseAsync(), await TestServer.Target.CreateDatabaseAsync());
            await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, repeat('x', 900) FROM generate_series(1, 8000) g; ANALYZE");
            var scene = new Scene(source, target);
            await scene.UntilAsync(() => scene.Of<InSync>().Count > 0);
            return scene;
        }

        public async Task<WordOutcome> SayAsync(string word)
        {
            await using var others = Migration.Open(Options);
            return await others.SayAsync(word, new WordArguments()).WaitAsync(TimeSpan.FromMinutes(1));
        }

        public Task WaitForWordsAsync(string word, int count)
            => Target.WaitForAsync($"SELECT count(*) = {count} FROM pgbaton.word WHERE word = '{word}' AND ended_at IS NULL");

        /// <summary>Until it has come further than it is.</summary>
        public Task WaitForProgressAsync()
        {
            var told = Of<VerifyProgress>().Count;
            return UntilAsync(() => Of<VerifyProgress>().Count > told);
        }

        async Task UntilAsync(Func<bool> wanted)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (!wanted())
            {
                if (_engine.IsCompleted)
                    await _engine;
                await Task.Delay(50, patience.Token);
            }
        }

        void Keep(MigrationEvent happened)
        {
            lock (_happened)
                _happened.Add(happened);
        }

        IReadOnlyList<T> Of<T>()
        {
            lock (_happened)
                return [.. _happened.OfType<T>()];
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _engine.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _migration.DisposeAsync();
            await Words.DisposeAsync();
            await Others.SayAsync("abort", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(1));
            await Others.DisposeAsync();
            await Source.DisposeAsync();
            await Target.DisposeAsync();
            _stop.Dispose();
        }
    }
}
