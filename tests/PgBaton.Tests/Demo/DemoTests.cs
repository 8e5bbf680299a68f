using System.Diagnostics;
using System.Text.Json;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Demo;

/// <summary>The command as a process, as an operator starts it.</summary>
[Trait("Category", "Migration")]
public sealed class DemoTests : IDisposable
{
    readonly PublicFolder _temporary = new();
    readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task the_demo_proves_the_whole_migration_and_leaves_nothing()
    {
        using var demo = Start("--json");
        JsonElement last = default;
        while (await demo.StandardOutput.ReadLineAsync(_ct) is { } line)
            last = JsonSerializer.Deserialize<JsonElement>(line);
        await demo.WaitForExitAsync(_ct);

        Assert.Equal("result", last.GetProperty("event").GetString());
        Assert.All(last.GetProperty("proofs").EnumerateArray(), proof => Assert.True(proof.GetProperty("holds").GetBoolean(), proof.ToString()));
        Assert.True(last.GetProperty("proofs").GetArrayLength() >= 12);
        Assert.Equal(8, last.GetProperty("writers").EnumerateArray().Count(writer => writer.GetProperty("waited_seconds").GetDouble() > 0));
        Assert.True(last.GetProperty("proven").GetBoolean());
        Assert.Equal(0, demo.ExitCode);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("folder")] // While the servers are being made.
    [InlineData("writers are at work")]
    [InlineData("copy")]
    [InlineData("target open")]
    public async Task an_interrupted_demo_leaves_no_process_and_no_folder(string moment)
    {
        using var demo = Start();
        if (moment == "folder")
            await WaitForFolderAsync();
        else
            await WaitForLineAsync(demo, moment);
        Signal(demo, "INT");
        await demo.WaitForExitAsync(_ct);

        Assert.Equal(130, demo.ExitCode);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task the_servers_of_a_killed_demo_vanish_by_themselves()
    {
        using var demo = Start();
        await WaitForLineAsync(demo, "copy");
        demo.Kill();
        await demo.WaitForExitAsync(_ct);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Directory.GetDirectories(_temporary.Path, "pgbaton-??????").Length > 0)
            await Task.Delay(20, patience.Token);
        Assert.Empty(DemoServers.ProcessesOf(_temporary.Path));
    }

    [Fact]
    public async Task kept_servers_stay_until_the_command_that_was_printed_ends_them()
    {
        using var demo = Start("--keep");
        List<string> lines = [];
        while (await demo.StandardOutput.ReadLineAsync(_ct) is { } line)
            lines.Add(line);
        await demo.WaitForExitAsync(_ct);
        Assert.Equal(0, demo.ExitCode);
        Assert.NotEmpty(DemoServers.ProcessesOf(_temporary.Path));

        foreach (var end in lines.Where(line => line.Contains("  end the ", StringComparison.Ordinal)))
        {
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", end.Split(':', 2)[1]]) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
            await shell.WaitForExitAsync(_ct);
            Assert.Equal(0, shell.ExitCode);
        }

        AssertNothingIsLeft();
    }

    [Fact]
    public async Task a_major_that_is_not_installed_is_an_error_that_says_what_is()
    {
        using var demo = Start("--target-major", "99");
        var errors = await demo.StandardError.ReadToEndAsync(_ct);
        await demo.WaitForExitAsync(_ct);
        Assert.Equal(1, demo.ExitCode);
        Assert.Contains("PB0050", errors, StringComparison.Ordinal);
        Assert.Contains("15", errors, StringComparison.Ordinal);
    }

    Process Start(params string[] arguments)
    {
        var (source, target) = (DemoServers.Home(15), DemoServers.Home(17));
        string[] majors = arguments.Contains("--target-major")
            ? [] : ["--source-major", $"{source.Major}", "--target-major", $"{target.Major}"];
        return Process.Start(new ProcessStartInfo(Pgbaton.Executable, ["demo", "--rows", "5000", .. majors, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["TMPDIR"] = _temporary.Path },
        })!;
    }

    async Task WaitForFolderAsync()
    {
        while (Directory.GetDirectories(_temporary.Path, "pgbaton-??????").Length == 0)
            await Task.Delay(5, _ct);
    }

    async Task WaitForLineAsync(Process demo, string text)
    {
        while (await demo.StandardOutput.ReadLineAsync(_ct) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"the demo ended before \"{text}\": {await demo.StandardError.ReadToEndAsync(_ct)}");
    }

    static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    void AssertNothingIsLeft()
    {
        Assert.Empty(DemoServers.ProcessesOf(_temporary.Path));
        Assert.Empty(Directory.GetDirectories(_temporary.Path, "pgbaton-*"));
    }
}
