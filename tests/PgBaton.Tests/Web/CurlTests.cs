using System.Diagnostics;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Web;

/// <summary>The block of docs/serve.md, run as it stands there, by a shell with curl and jq.</summary>
[Trait("Length", "Long")]
public sealed class CurlTests
{
    [Fact]
    public async Task the_documented_requests_are_a_whole_migration()
    {
        if (!File.Exists("/usr/bin/curl") || !File.Exists("/usr/bin/jq"))
            Assert.Skip("there is no curl or no jq");
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema);
        await using var writer = new CountingWriter(source, target).Start();
        await using var serve = await ServeProcess.StartAsync([]);

        var documented = (await File.ReadAllTextAsync(Path.Combine(HelpTests.Docs, "serve.md"))).Split("```")
            .Single(block => block.Contains("api()", StringComparison.Ordinal));
        var script = documented
            .Replace("postgresql://app@old.example/shop", source.Uri, StringComparison.Ordinal)
            .Replace("postgresql://app@new.example/shop", target.Uri, StringComparison.Ordinal)
            .Replace("http://127.0.0.1:7432", serve.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TOKEN"] = ServeProcess.Token;
        using var shell = Process.Start(start)!;
        var told = (Output: shell.StandardOutput.ReadToEndAsync(), Error: shell.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await shell.WaitForExitAsync(patience.Token);

        Assert.True(shell.ExitCode == 0, $"{await told.Output}\n{await told.Error}");
        await writer.AdvanceAsync(20);
        await writer.StopAsync();
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal(writer.Acknowledged, (int)await target.QueryAsync<long>("SELECT count(*) FROM entry"));
        Assert.False(await target.QueryAsync<bool>("SELECT to_regnamespace('pgbaton') IS NOT NULL"));
    }
}
