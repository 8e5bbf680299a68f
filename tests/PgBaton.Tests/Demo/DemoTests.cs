using System.Diagnostics;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Demo;

/// <summary>The command as a process, as an operator starts it.</summary>
public sealed class DemoTests : IDisposable
{
    readonly PublicFolder _temporary = new();
    readonly TimeSpan _minutes = TimeSpan.FromMinutes(3); // What the demo promises on a machine of its own.
    readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public Task the_demo_proves_the_whole_migration_and_leaves_nothing() => ProvesAllAsync();

    [Fact]
    [Trait("Length", "Long")]
    public Task so_it_does_where_the_servers_carry_the_changes() => ProvesAllAsync("--via", "subscription");

    async Task ProvesAllAsync(params string[] options)
    {
        await using var demo = Start(["--json", .. options]);
        Assert.True(await demo.EndAsync(_minutes) == 0, demo.Error);

        var result = demo.Result;
        Assert.True(result.GetProperty("proven").GetBoolean());
        Assert.All(result.GetProperty("proofs").EnumerateArray(), proof => Assert.True(proof.GetProperty("holds").GetBoolean(), proof.ToString()));
        Assert.True(result.GetProperty("proofs").GetArrayLength() >= 12);
        Assert.Equal(8, result.GetProperty("writers").EnumerateArray().Count(writer => writer.GetProperty("waited_seconds").GetDouble() > 0));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("writers are at work", "INT", 130)]
    [InlineData("copy", "TERM", 143)]
    public async Task an_interrupted_demo_leaves_no_process_and_no_folder(string moment, string signal, int exitCode)
    {
        await using var demo = Start();
        await demo.WaitForAsync(moment, _minutes);
        await demo.SignalAsync(signal);
        Assert.Equal(exitCode, await demo.EndAsync(_minutes));
        Assert.Contains("PB0054", demo.Error, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Length", "Long")]
    public Task an_interrupted_demo_leaves_nothing_when_the_target_is_open() => an_interrupted_demo_leaves_no_process_and_no_folder("target open", "INT", 130);

    [Fact]
    public async Task a_demo_that_is_interrupted_while_its_servers_are_being_made_leaves_nothing()
    {
        await using var demo = Start();
        while (Servers.Length == 0)
            await Task.Delay(5, _ct);
        await demo.SignalAsync("INT");
        Assert.Equal(130, await demo.EndAsync(_minutes));
        await WaitUntilNothingIsLeftAsync(); // On a slow machine initdb outlives the patience that ends the process.
    }

    [Fact]
    public async Task the_servers_of_a_killed_demo_vanish_by_themselves()
    {
        await using var demo = Start();
        await demo.WaitForAsync("copy", _minutes);
        await demo.SignalAsync("KILL");
        await demo.EndAsync(_minutes);
        await WaitUntilNothingIsLeftAsync();
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task kept_servers_stay_until_the_commands_that_were_printed_end_them()
    {
        await using var demo = Start("--keep");
        Assert.Equal(0, await demo.EndAsync(_minutes));
        Assert.NotEmpty(DemoServers.ProcessesOf(_temporary.Path));

        foreach (var line in demo.Output.Split('\n').Where(line => line.Contains("  end the ", StringComparison.Ordinal)))
        {
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", line.Split(':', 2)[1]])
            {
                RedirectStandardOutput = true, WorkingDirectory = "/",
            })!;
            await shell.WaitForExitAsync(_ct);
            Assert.Equal(0, shell.ExitCode);
        }

        AssertNothingIsLeft();
    }

    [Fact]
    public async Task a_major_that_is_not_installed_is_an_error_that_says_what_is()
    {
        DemoServers.Home(15);
        var (exitCode, demo) = await CommandProcess.RunAsync("demo", "--target-major", "99");
        Assert.Equal(1, exitCode);
        Assert.Contains("PB0050", demo.Error, StringComparison.Ordinal);
        Assert.Contains("15", demo.Error, StringComparison.Ordinal);
    }

    string[] Servers => Directory.GetDirectories(_temporary.Path, "pgbaton-??????");

    CommandProcess Start(params string[] arguments)
    {
        var environment = new Dictionary<string, string> { ["TMPDIR"] = _temporary.Path };
        if (Environment.GetEnvironmentVariable("PGBATON_POSTGRES") is { } programs)
            environment["PGBATON_POSTGRES"] = programs;
        string[] majors = ["--source-major", $"{DemoServers.Home(15).Major}", "--target-major", $"{DemoServers.Home(17).Major}"];
        return CommandProcess.Start(environment, ["demo", "--rows", "5000", .. majors, .. arguments]);
    }

    async Task WaitUntilNothingIsLeftAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Servers.Length > 0 || DemoServers.ProcessesOf(_temporary.Path).Count > 0)
            await Task.Delay(20, patience.Token);
    }

    void AssertNothingIsLeft()
    {
        Assert.Empty(DemoServers.ProcessesOf(_temporary.Path));
        Assert.Empty(Directory.GetDirectories(_temporary.Path, "pgbaton-*"));
    }
}
