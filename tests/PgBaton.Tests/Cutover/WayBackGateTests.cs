using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Cutover;

[Trait("Category", "Migration")]
public sealed class WayBackGateTests
{
    [Fact]
    public async Task PB1709_says_how_the_targets_provider_makes_a_way_back_possible()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var server = await OwnServer.StartAsync(17, "wal_level = replica");
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await server.ExecuteAsync("CREATE ROLE azure_pg_admin");
        await using var migration = Migration.Open(Checked.Options(source.Uri, server.UriOf("postgres")));
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(1));
        var refused = await migration.SayAsync("cutover", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("az postgres flexible-server parameter set", $"{refused.Error}", StringComparison.Ordinal);
        Assert.Contains("PB1709", $"{refused.Error}", StringComparison.Ordinal);
        await migration.SayAsync("abort", new WordArguments());
    }

    [Fact]
    public async Task PB1709_a_role_that_may_not_replicate_on_the_target_is_told_by_the_check_and_before_the_fence()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var plain = await TestRole.CreateAsync(target, "", $"ALTER DATABASE {target.Name} OWNER TO $role");
        var options = Checked.Options(source.Uri, plain.Uri);
        Assert.Contains("no replication connection", (await Migration.CheckAsync(options, default)).MustHave("PB1090", Severity.Notice).Message, StringComparison.Ordinal);
        await using var migration = Migration.Open(options);
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(1));

        var refused = await migration.SayAsync("cutover", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("PB1709", $"{refused.Error}", StringComparison.Ordinal);
        Assert.Contains("REPLICATION", $"{refused.Error}", StringComparison.Ordinal);
        await migration.SayAsync("abort", new WordArguments());
    }

    // On 18 every UPDATE of such a table would fail once it is published.
    [Fact]
    public async Task PB0508_a_generated_column_that_would_be_part_of_the_targets_identity_keeps_the_cutover()
    {
        await using var source = await TestServer.Of(17).CreateDatabaseAsync();
        await using var target = await TestServer.Of(18).CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED); INSERT INTO t VALUES (1)");
        await using var migration = Migration.Open(Checked.Options(source.Uri, target.Uri) with { ReplicaIdentityFull = true });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(1));
        var refused = await migration.SayAsync("cutover", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("PB0508", $"{refused.Error}", StringComparison.Ordinal);
        await source.ExecuteAsync("UPDATE t SET a = 2"); // The source is the writer as before.
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(TimeSpan.FromMinutes(1))).ExitCode);
        await target.ExecuteAsync("UPDATE t SET a = 3");
    }
}
