using PgBaton.Tests.Status;

namespace PgBaton.Tests.Cli;

/// <summary>The command in a second terminal, while another process (here: the test) is the engine.</summary>
public sealed class WordsTests
{
    [Fact]
    public async Task status_of_an_empty_target_is_none()
    {
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        var (exitCode, json) = await CommandProcess.RunWithAsync(new() { ["PGBATON_TARGET"] = target.Uri }, "status", "--json");
        var (_, text) = await CommandProcess.RunWithAsync(new() { ["PGBATON_TARGET"] = target.Uri }, "status");

        Assert.Equal(0, exitCode);
        Assert.Single(json.Json);
        Assert.Equal("none", json.Result.GetProperty("state").GetString());
        Assert.Equal(0, json.Result.GetProperty("exit_code").GetInt32());
        Assert.Contains("state:         none", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_word_is_carried_out_by_the_engine_and_its_events_are_shown()
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        await using var run = CommandProcess.Start(new() { ["PGBATON_TARGET"] = test.Target.Uri }, "verify", "--json");
        var word = await NextWordAsync(test);
        await test.Journal.RecordAsync([new TableVerified("\"public\".\"t\"", 7, true)], default);
        await run.WaitForAsync("table_verified");
        await test.Target.ExecuteAsync("INSERT INTO pgbaton.verification (schema, name, rows, target_rows, bytes, digest, equal, lsn) VALUES ('public', 't', 7, 7, 1, 'x', true, '0/ABC')");
        await test.Journal.EndWordAsync(word, ExitCode.Done, null, default);

        Assert.Equal(0, await run.EndAsync());
        Assert.Equal("verify", word.Name);
        Assert.Equal(["table_verified", "result"], run.Json.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal(7, run.Result.GetProperty("tables")[0].GetProperty("rows").GetInt64());
        Assert.Contains("1 table verified at LSN 0/ABC: all equal", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_engines_error_becomes_the_commands()
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        await using var run = CommandProcess.Start(new() { ["PGBATON_TARGET"] = test.Target.Uri }, "cutover", "--max-downtime", "3", "--no-reverse");
        var word = await NextWordAsync(test);
        await test.Journal.EndWordAsync(word, ExitCode.Blocked, Errors.WordRefused("cutover", "the moon is full"), default);

        Assert.Equal(3, await run.EndAsync());
        Assert.Equal((3, true), (word.Arguments.MaxDowntimeSeconds, word.Arguments.NoReverse));
        Assert.StartsWith("ERROR:  PB0209: \"cutover\" is not possible now: the moon is full\nHINT:  ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task a_signal_ends_the_waiting(string signal, int expected)
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        await using var run = CommandProcess.Start(new() { ["PGBATON_TARGET"] = test.Target.Uri }, "cutover", "--json");
        await NextWordAsync(test);
        await run.SignalAsync(signal);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        Assert.Equal(expected, await run.EndAsync());
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
        Assert.Equal(expected, run.Result.GetProperty("exit_code").GetInt32());
        Assert.Equal("PB0024", run.Result.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task watching_ends_with_a_signal_and_without_an_error()
    {
        await using var test = await JournalOfTest.AtAsync("copy");
        await using var run = CommandProcess.Start(new() { ["PGBATON_TARGET"] = test.Target.Uri }, "status", "--watch");
        await run.WaitForAsync("state:         copying, step copy");
        await run.SignalAsync("INT");

        Assert.Equal(130, await run.EndAsync());
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task a_word_that_nobody_could_carry_out_is_not_said()
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        await test.DieAsync();
        var (exitCode, run) = await CommandProcess.RunWithAsync(new() { ["PGBATON_TARGET"] = test.Target.Uri }, "cutover");

        Assert.Equal(2, exitCode);
        Assert.Contains("PB0002", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await test.Target.QueryAsync<long>("SELECT count(*) FROM pgbaton.word"));
    }

    [Fact]
    public async Task without_a_migration_there_is_nobody_to_speak_to()
    {
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var command in new[] { "verify", "cutover", "finish", "abort" })
        {
            var (exitCode, run) = await CommandProcess.RunWithAsync(new() { ["PGBATON_TARGET"] = target.Uri }, command);
            Assert.Equal(2, exitCode);
            Assert.Contains("PB0206", run.Error, StringComparison.Ordinal);
        }
    }

    static async Task<Word> NextWordAsync(JournalOfTest test)
    {
        await test.Target.WaitForAsync("SELECT EXISTS (SELECT FROM pgbaton.word)");
        return (await test.Journal.NextWordAsync(default))!;
    }
}
