namespace PgBaton.Tests.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--jbos", "Did you mean --jobs?", "migrate", "--jbos", "3")]
    [InlineData("\"migrat\"", "Did you mean migrate?", "migrat")]
    [InlineData("--jobs takes a whole number", "--help", "migrate", "--jobs", "many")]
    [InlineData("--jobs takes a whole number", "--help", "migrate", "-j", "0")]
    [InlineData("--split-larger-than takes a size", "--help", "migrate", "--split-larger-than", "1 parsec")]
    [InlineData("--until takes in-sync", "--help", "migrate", "--until", "noon")]
    [InlineData("--fence-first is only for --offline", "Say both", "migrate", "--fence-first", "--source", "postgresql://h/s", "--target", "postgresql://h/d")]
    [InlineData("plan writes the way with logical replication", "check --offline", "plan", "--offline", "--source", "postgresql://h/s")]
    [InlineData("--name takes lower-case letters", "--help", "status", "--name", "Drop Table")]
    [InlineData("option --target needs a value", "--help", "status", "--target")]
    [InlineData("has no argument \"now\"", "--help", "cutover", "now")]
    [InlineData("has no option \"--pg-bin\"", "--help", "tables", "remove", "t", "--pg-bin", "/usr/bin")]
    [InlineData("no connection string for the target", "PGBATON_TARGET", "status")]
    [InlineData("no connection string for the source", "PGBATON_SOURCE", "migrate", "--target", "postgresql://h/d")]
    [InlineData("nowhere.args", "--help", "migrate", "@nowhere.args")]
    public async Task what_cannot_be_understood_is_named_with_what_to_do(string message, string hint, params string[] args)
    {
        var (exitCode, run) = await CommandProcess.RunAsync(args);

        Assert.Equal(2, exitCode);
        var lines = run.Error.Split('\n');
        Assert.StartsWith("ERROR:  PB00", lines[0], StringComparison.Ordinal);
        Assert.Contains(message, lines[0], StringComparison.Ordinal);
        Assert.Contains(hint, lines.Single(line => line.StartsWith("HINT:  ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task no_command_shows_the_help_and_fails()
    {
        var (exitCode, run) = await CommandProcess.RunAsync();

        Assert.Equal(2, exitCode);
        Assert.Contains("Usage:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_unknown_option_is_a_result_line_too()
    {
        var (exitCode, run) = await CommandProcess.RunAsync("status", "--json", "--wacth");

        Assert.Equal(2, exitCode);
        Assert.Equal(2, run.Result.GetProperty("exit_code").GetInt32());
        Assert.Equal("PB0020", run.Result.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task the_version_tells_commit_and_runtime()
    {
        var (exitCode, run) = await CommandProcess.RunAsync("--version");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"^pgbaton \d+\.\d+\.\d+ \(commit ([0-9a-f]{40}|unknown), \.NET [\d.]+.*, [\w-]+\)\n$", run.Output);
    }

    [Fact]
    public async Task a_server_that_does_not_answer_is_an_error_and_no_stack_trace()
    {
        var (exitCode, run) = await CommandProcess.RunAsync("status", "--target", "postgresql://nobody@127.0.0.1:1/nothing");

        Assert.Equal(1, exitCode);
        Assert.Matches(@"^ERROR:  PB01\d\d: .*127\.0\.0\.1:1.*", run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task options_come_from_variables_and_files_as_well()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# a comment\n--target\npostgresql://nobody@127.0.0.1:1/from_file\n");
        var (_, fromFile) = await CommandProcess.RunAsync("status", $"@{file}");
        var (_, fromVariable) = await CommandProcess.RunWithAsync(
            new() { ["PGBATON_TARGET"] = "postgresql://nobody@127.0.0.1:1/from_variable", ["PGBATON_JSON"] = "1" }, "status");
        File.Delete(file);

        Assert.Contains("from_file", fromFile.Error, StringComparison.Ordinal);
        Assert.Contains("from_variable", fromVariable.Result.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
