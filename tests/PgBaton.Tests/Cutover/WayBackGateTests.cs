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
}
