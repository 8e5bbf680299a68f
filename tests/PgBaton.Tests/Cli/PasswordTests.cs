namespace PgBaton.Tests.Cli;

public sealed class PasswordTests
{
    const string Canary = "c4n4ry-p4ssw0rd";

    static readonly string[] _strings =
    [
        $"postgresql://someone:{Canary}@127.0.0.1:1/nothing",
        $"postgresql://someone:{Canary}/@127.0.0.1:1/nothing?sslmode=nonsense",
        $"host=127.0.0.1 port=1 dbname=nothing user=someone password={Canary}",
        $"host=127.0.0.1 port=1 password='{Canary}' nonsense",
        $"postgresql://127.0.0.1:1/nothing?user=someone&password={Canary}",
    ];

    public static TheoryData<string> Commands => ["check", "migrate", "status", "verify", "cutover", "finish", "abort"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task no_password_comes_out_whatever_happens(string command)
    {
        foreach (var text in _strings)
        {
            var (_, plain) = await CommandProcess.RunWithAsync(new() { ["PGBATON_SOURCE"] = text, ["PGBATON_TARGET"] = text, ["PGBATON_DEBUG"] = "1" }, command);
            var (_, json) = await CommandProcess.RunAsync(command, "--json", "--source", text, "--target", text);

            Assert.DoesNotContain(Canary, plain.Output + plain.Error + json.Output + json.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_misplaced_connection_string_is_not_repeated_with_its_password()
    {
        foreach (var text in _strings)
        {
            var (exitCode, run) = await CommandProcess.RunAsync("migrate", text);
            Assert.Equal(2, exitCode);
            Assert.DoesNotContain(Canary, run.Output + run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_password_in_the_arguments_draws_a_warning_and_one_in_a_variable_does_not()
    {
        var (_, inArguments) = await CommandProcess.RunAsync("status", "--target", _strings[0]);
        var (_, inVariable) = await CommandProcess.RunWithAsync(new() { ["PGBATON_TARGET"] = _strings[0] }, "status");

        Assert.StartsWith("WARNING:  a password stands in the arguments", inArguments.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", inVariable.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_wrong_password_is_an_error_without_the_password()
    {
        await using var database = await TestServer.Target.CreateDatabaseAsync();
        var uri = new UriBuilder(database.Uri) { Password = Canary }.Uri.ToString();
        var (exitCode, run) = await CommandProcess.RunWithAsync(new() { ["PGBATON_TARGET"] = uri }, "status", "--json");

        Assert.Equal(1, exitCode);
        Assert.Equal("28P01", run.Result.GetProperty("error").GetProperty("sqlstate").GetString());
        Assert.Contains("SQLSTATE:  28P01", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("see postgresql://me:s3cret@h/d now", "see postgresql://me:***@h/d now")]
    [InlineData("postgresql://me:a@b:c@h/d", "postgresql://me:***@h/d")]
    [InlineData("host=h password = 's3 \\' cret' user=me", "host=h password = *** user=me")]
    [InlineData("postgresql://h/d?password=s3cret&sslmode=require", "postgresql://h/d?password=***&sslmode=require")]
    [InlineData("PGPASSWORD=s3cret pg_dump", "PGPASSWORD=*** pg_dump")]
    [InlineData("wrong password for user me", "wrong password for user me")]
    [InlineData("postgresql://me@h/d", "postgresql://me@h/d")]
    public void passwords_are_found_where_connection_strings_have_them(string text, string without) => Assert.Equal(without, Secrets.Remove(text));
}
