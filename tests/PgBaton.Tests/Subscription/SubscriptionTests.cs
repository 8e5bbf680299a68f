using System.Collections.Concurrent;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Subscription;

/// <summary>The servers carry the changes by themselves, and give them back whenever something has to be proven.</summary>
public sealed class SubscriptionTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Length", "Long")]
    public Task forward_back_forward_and_finish_without_a_process_of_ours_in_between() => ForwardBackForwardAsync(17, 18);

    [Theory]
    [Trait("Length", "Long")]
    [InlineData(15, 17)]
    [InlineData(17, 15)]
    [InlineData(18, 17)]
    public Task forward_back_forward_and_finish_between_others(int from, int to) => ForwardBackForwardAsync(from, to);

    static async Task ForwardBackForwardAsync(int from, int to)
    {
        await using var source = await TestServer.Of(from).CreateDatabaseAsync();
        await using var target = await TestServer.Of(to).CreateDatabaseAsync();
        await source.ExecuteAsync(LedgerWriters.Schema + "CREATE TABLE emptied (id int PRIMARY KEY); INSERT INTO emptied VALUES (1); CREATE TABLE loose (a int); ALTER TABLE loose REPLICA IDENTITY FULL");
        var before = await SourceGateTests.DumpAsync(source);
        await using var writers = new LedgerWriters(source, target, clients: 8).Start();
        var options = Options(source, target);
        var (events, migration) = Open(options);
        await using var _ = migration;

        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await CarriedAsync(options, events, writers, source, target);
        foreach (var (word, there, left) in new[] { ("cutover", target, source), ("rollback", source, target), ("cutover", target, source) })
        {
            await SayAsync(migration, "verify");
            await SayAsync(migration, word);
            await CarriedAsync(options, events, writers, there, left);
        }

        await writers.StopAsync();
        await SayAsync(migration, "verify");
        await writers.MustBeOnAsync(source);
        await SayAsync(migration, "finish", new WordArguments { UnlockSource = true });
        await writers.MustBeOnAsync(target);
        Assert.Equal(before, await SourceGateTests.DumpAsync(source));
        Assert.Equal(3, events.Count(happened => happened is TargetOpened or SourceOpened));
        foreach (var database in new[] { source, target })
            Assert.Equal(
                0L, await database.QueryAsync<long>(
                    "SELECT (SELECT count(*) FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())) + (SELECT count(*) FROM pg_publication)"
                    + " + (SELECT count(*) FROM pg_replication_slots WHERE database = current_database())"));
    }

    [Fact]
    public async Task a_change_that_cannot_be_applied_is_named_and_nothing_is_applied_twice()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE loose (a int); ALTER TABLE loose REPLICA IDENTITY FULL");
        var options = Options(source, target);
        var (events, migration) = Open(options);
        await using var _ = migration;
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await target.ExecuteAsync("SET session_replication_role = replica; ALTER TABLE t DISABLE TRIGGER ALL; INSERT INTO t VALUES (7, 'a stranger''s')");
        await source.ExecuteAsync("INSERT INTO loose VALUES (1)");
        await source.ExecuteAsync("INSERT INTO t VALUES (7, 'ours'); INSERT INTO loose VALUES (2)");

        await UntilAsync(async () => await Migration.StatusAsync(options) is { State: "stopped", LastError.Code: "PB0524" });
        var failure = await Assert.ThrowsAsync<MigrationException>(() => migration.RunAsync(Goal.InSync).WaitAsync(_patience));
        Assert.Equal("PB0507", failure.Code);
        Assert.Contains("\"t\"", failure.About, StringComparison.Ordinal);

        await target.ExecuteAsync("DELETE FROM t; ALTER TABLE t ENABLE TRIGGER ALL");
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        Assert.Equal("1,2", await target.QueryAsync<string>("SELECT string_agg(a::text, ',' ORDER BY a) FROM loose"));
        await SayAsync(migration, "abort");
    }

    [Fact]
    public async Task a_target_that_cannot_reach_the_source_is_told_and_pgbaton_goes_on()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY)");
        var options = Options(source, target) with { Via = null, SourceFromTarget = "port=1" };
        var (events, migration) = Open(options);
        await using var _ = migration;
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        var outcome = await migration.SayAsync("via", new WordArguments { Via = Via.Subscription }).WaitAsync(_patience);
        Assert.Equal("PB0523", outcome.Error?.Code);
        Assert.DoesNotContain("password=", outcome.Error!.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("relay", (await Migration.StatusAsync(options)).Via);
        await source.ExecuteAsync("INSERT INTO t VALUES (1)");
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        Assert.Equal(1L, await target.QueryAsync<long>("SELECT count(*) FROM t"));
        await SayAsync(migration, "abort");
    }

    [Fact]
    public async Task a_table_whose_rows_it_could_not_find_again_keeps_the_servers_from_taking_over()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE keyed (id int PRIMARY KEY, body json); ALTER TABLE keyed REPLICA IDENTITY FULL;
            CREATE DOMAIN place AS point NOT NULL;
            CREATE TABLE "No te" (at place); ALTER TABLE "No te" REPLICA IDENTITY FULL
            """);
        var options = Options(source, target);
        var finding = Assert.Single((await Migration.CheckAsync(options, default)).Findings, finding => finding.Code == "PB1033" && finding.Severity == Severity.Blocker);
        Assert.Equal("\"public\".\"No te\"", finding.About);
        Assert.Contains("place", finding.Message, StringComparison.Ordinal);

        var (events, migration) = Open(options with { Via = null });
        await using var _ = migration;
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        var outcome = await migration.SayAsync("via", new WordArguments { Via = Via.Subscription }).WaitAsync(_patience);
        Assert.Equal(("PB0523", "\"public\".\"No te\""), (outcome.Error?.Code, outcome.Error?.Object));
        await source.ExecuteAsync("INSERT INTO \"No te\" VALUES ('(1,2)'), ('(1,2)'); UPDATE \"No te\" SET at = '(3,4)'");
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        Assert.Equal("(3,4) 2", await target.QueryAsync<string>("SELECT min(at::text) || ' ' || count(*) FROM \"No te\""));
        await SayAsync(migration, "abort");
    }

    static async Task CarriedAsync(MigrationOptions options, ConcurrentQueue<MigrationEvent> events, LedgerWriters writers, TestDatabase writer, TestDatabase follower)
    {
        var status = await Migration.StatusAsync(options);
        Assert.True(status is { Via: "subscription", Engine: null }, $"via {status.Via}, engine {status.Engine}\n{string.Join('\n', events.OfType<Warning>())}");
        await writers.AdvanceAsync(20);
        await writer.ExecuteAsync("TRUNCATE emptied; INSERT INTO emptied SELECT generate_series(1, 3); INSERT INTO loose VALUES (1), (1); DELETE FROM loose WHERE ctid = (SELECT min(ctid) FROM loose)");
        var (rows, loose) = (await writer.QueryAsync<string>("SELECT max(id)::text || count(*) FROM emptied"), await writer.QueryAsync<long>("SELECT count(*) FROM loose"));
        await UntilAsync(async () => await follower.QueryAsync<long>("SELECT count(*) FROM loose") == loose && await follower.QueryAsync<string>("SELECT max(id)::text || count(*) FROM emptied") == rows);
        Assert.Equal(0L, await follower.QueryAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pgbaton/%' AND datname = current_database()"));
    }

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(_patience);
        while (!await condition())
            await Task.Delay(50, limit.Token);
    }

    static MigrationOptions Options(TestDatabase source, TestDatabase target) => new()
    {
        Source = source.Uri, Target = target.Uri, Via = Via.Subscription, IgnoredFindings = ["PB1060", "PB1010"],
    };

    static (ConcurrentQueue<MigrationEvent> Events, Migration Migration) Open(MigrationOptions options)
    {
        var (events, migration) = (new ConcurrentQueue<MigrationEvent>(), Migration.Open(options));
        migration.Happened += events.Enqueue;
        return (events, migration);
    }

    static async Task SayAsync(Migration migration, string word, WordArguments? arguments = null)
    {
        var outcome = await migration.SayAsync(word, arguments ?? new WordArguments()).WaitAsync(_patience);
        Assert.True(outcome.ExitCode == 0, $"{word}: {outcome.Error?.Code} {outcome.Error?.Message} {outcome.Error?.Detail}");
    }
}
