using PgBaton.Tests.Cutover;
using PgBaton.Tests.Preflight;

namespace PgBaton.Tests;

/// <summary>Sources of 11 to 13, the ones that people most need to leave. Run by ./build matrix.</summary>
[Trait("Category", "OldSource")]
[Trait("Length", "Long")]
public sealed class OldSourceTests
{
    [Theory]
    [InlineData(11, 17)]
    [InlineData(12, 18)]
    [InlineData(13, 17)]
    public Task forward_back_forward_and_finish(int from, int to) => new WayBackTests().forward_back_forward_and_finish_lose_and_double_nothing(from, to);

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public Task every_catalog_query_prepares(int major) => new TidyTests().every_catalog_query_prepares(major);

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task PB1010_tells_of_the_marker_and_nothing_else_stands_in_the_way(int major)
    {
        await using var source = await TestServer.Of(major).CreateDatabaseAsync();
        await using var target = await TestServer.Of(17).CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY, v bigint REFERENCES t); CREATE SEQUENCE s");
        var report = await Checked.AskAsync(source, target);
        Assert.Contains("pgbaton.marker", report.MustHave("PB1010", Severity.Notice).Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity == Severity.Blocker);
    }

    [Fact]
    public async Task PB1062_what_later_servers_cannot_hold_is_refused_by_name()
    {
        await using var source = await TestServer.Of(11).CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE with_oids (id int PRIMARY KEY) WITH OIDS; CREATE TABLE old_times (id int PRIMARY KEY, at abstime)");
        var findings = (await Checked.AskAsync(source)).Findings.Where(finding => finding is { Code: "PB1062", Severity: Severity.Blocker }).ToList();
        Assert.Contains(findings, finding => finding.About == "\"public\".\"with_oids\"");
        Assert.Contains(findings, finding => finding.About == "column \"at\" of \"public\".\"old_times\"");
    }

    /// <summary>Before 12 a float is printed with 17 digits, since then with as few as tell it from its neighbours.</summary>
    [Fact]
    public async Task floats_are_compared_by_their_bits()
    {
        await using var source = await TestServer.Of(11).CreateDatabaseAsync();
        await using var target = await TestServer.Of(17).CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE t (id float8 PRIMARY KEY, r real, a float8[], p point, b box, l real[]);
            INSERT INTO t SELECT random(), random(), ARRAY[random(), NULL, 'NaN'], point(random(), random()), box(point(random(), 0), point(1, 2)), ARRAY[[random()], [0.1]] FROM generate_series(1, 100);
            INSERT INTO t VALUES ('NaN', '-0'), ('-Infinity', NULL), (0.1, 'NaN');
            """);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await migration.SayAsync("verify", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
        await target.ExecuteAsync("SET session_replication_role = replica; ALTER TABLE t DISABLE TRIGGER ALL; UPDATE t SET r = '0' WHERE id = 'NaN'; ALTER TABLE t ENABLE TRIGGER ALL");
        Assert.Equal("PB0601", (await migration.SayAsync("verify", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).Error?.Code);
        await migration.SayAsync("abort", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task an_abort_takes_the_marker_away()
    {
        await using var source = await TestServer.Of(12).CreateDatabaseAsync();
        await using var target = await TestServer.Of(17).CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(1L, await source.QueryAsync<long>("SELECT count(*) FROM pgbaton.marker"));
        Assert.Equal(0, (await migration.SayAsync("abort", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
        Assert.Equal(0L, await source.QueryAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'pgbaton'"));
    }
}
