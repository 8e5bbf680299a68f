using Npgsql;
using PgBaton.Cli.Report;
using PgBaton.Evidence;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Evidence;

public sealed class ReportTests
{
    const string Hostile = "CREATE TABLE \"<script>alert('x')</script>\" (id int PRIMARY KEY); INSERT INTO \"<script>alert('x')</script>\" SELECT generate_series(1, 1000)";

    [Fact]
    public async Task a_report_tells_steps_tables_and_proofs_and_goes_before_the_journal_does()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Hostile);
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        await using var migration = Migration.Open(options);
        await migration.RunAsync(Goal.InSync);
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments { NoReverse = true })).ExitCode);

        var report = await Migration.ReportAsync(options);
        Assert.Equal("on-target", report.Status.State);
        Assert.Equal(1000, Assert.Single(report.Tables).Rows);
        Assert.True(Assert.Single(report.Verifications).IsEqual);
        Assert.Equal(Migration.Steps.TakeWhile(step => step.Name != "return").Select(step => step.Name), report.Steps.Where(step => step.DoneAt is not null).Select(step => step.Name));
        Assert.NotEmpty(report.Lag);
        Assert.True(report.Status.StaysReadOnly);
        Assert.Contains(report.Events, reported => reported.Happened is TargetOpened);

        await target.ExecuteAsync("UPDATE pgbaton.relation SET rows = NULL, bytes = NULL, copied = false; DELETE FROM pgbaton.part; "
            + "INSERT INTO pgbaton.part (relation, generation, number, bytes, done_at) SELECT oid, generation + n / 3, n, 10, CASE WHEN n <> 2 THEN now() END FROM pgbaton.relation, generate_series(0, 3) n");
        Assert.Equal((null, 20), Assert.Single((await Migration.ReportAsync(options)).Tables) switch { var table => (table.Rows, table.Bytes) }); // What is there of it.

        var page = ReportPage.Of(report);
        Assert.Equal(report.Events.Count(reported => reported.Happened is StepStarted), report.Runs.Count);
        Assert.All(report.Runs, run => Assert.Contains($"<td data-name=\"step\">{run.Step}</td>", page, StringComparison.Ordinal));
        Assert.Contains("<dt>moved</dt><dd>the whole database</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>carried by</dt><dd>pgbaton</dd>", page, StringComparison.Ordinal);
        Assert.Matches("fence: done in [^<]+, counting what was made ready and compared before the writers waited", page);
        Assert.Contains("&lt;script&gt;alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("both servers are cleaned", page, StringComparison.Ordinal);
        Assert.Contains("finished: both servers are cleaned", ReportPage.Of(report with { Status = report.Status with { State = "finished" } }), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase); // It fetches nothing.
        Assert.DoesNotContain(new Uri(source.Uri).UserInfo.Split(':')[1], page, StringComparison.Ordinal);

        var file = Path.Combine(Directory.CreateTempSubdirectory("pgbaton-test-").FullName, "report.html");
        var environment = new Dictionary<string, string> { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri };
        var (refused, why) = await CommandProcess.RunWithAsync(environment, "finish", "--yes", "--report", Path.Combine(file, "no such folder"));
        Assert.True(refused == 1, why.Error);
        Assert.Equal("on-target", (await Migration.StatusAsync(options)).State); // What cannot be kept is not thrown away.
        var (exitCode, run) = await CommandProcess.RunWithAsync(environment, "finish", "--yes", "--report", file);
        Assert.True(exitCode == 0, run.Error);
        Assert.Contains("&lt;script&gt;alert", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task a_source_of_which_a_part_was_moved_does_not_stay_closed_and_whoever_cuts_over_is_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY)");
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri, ExcludedTables = ["u"] };
        await using var migration = Migration.Open(options);
        await migration.RunAsync(Goal.InSync);
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments())).ExitCode);

        var report = await Migration.ReportAsync(options);
        Assert.Contains(report.Events, reported => reported.Happened is Warning { Code: "PB0802" });
        Assert.False(report.Status.StaysReadOnly);
        var page = ReportPage.Of(report);
        Assert.Contains("<dt>moved</dt><dd>not tables u</dd>", page, StringComparison.Ordinal);
        Assert.Contains("not read-only: after finish it can be written again", page, StringComparison.Ordinal);
        await source.ExecuteAsync("INSERT INTO u VALUES (1)");
        await Assert.ThrowsAsync<PostgresException>(() => source.ExecuteAsync("INSERT INTO t VALUES (1)"));

        var environment = new Dictionary<string, string> { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri };
        var (exitCode, run) = await CommandProcess.RunWithAsync(environment, "finish", "--yes");
        Assert.True(exitCode == 0, run.Error);
        Assert.Contains("The old source is not read-only (PB0802)", run.Output, StringComparison.Ordinal);
        await source.ExecuteAsync("INSERT INTO t VALUES (1)"); // What the warning is about.
    }

    [Fact]
    public void the_line_of_the_lag_is_the_same_wherever_it_is_drawn()
    {
        var begun = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        List<ReportedLag> lag = [new(begun, 0, 0), new(begun.AddSeconds(5), 2048, 1), new(begun.AddSeconds(10), 1024, 1)];

        Assert.Null(ReportPage.LagPlot(lag[..1], 276));
        var plot = ReportPage.LagPlot(lag, 276)!;
        Assert.Equal("66,170 166,12 266,91", plot.Points);
        Assert.Equal([(170, "0 B"), (91, "1.0 kB"), (12, "2.0 kB")], plot.Grid);
        Assert.Contains("points=\"66,170 166,12 266,91\"", plot.Svg("lag"), StringComparison.Ordinal);
        Assert.Equal("66,170 166,12 266,91", (string?)plot.ToJson()["points"]);
    }

    [Fact]
    public async Task without_a_journal_there_is_nothing_to_report()
    {
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        var error = await Assert.ThrowsAsync<MigrationException>(() => Migration.ReportAsync(new MigrationOptions { Target = target.Uri }));
        Assert.Equal("PB0206", error.Code);
    }
}
