using PgBaton.Postgres;
using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

/// <summary>pg_dump as a child process: scripts of the test stand in its place and look at what they are given.</summary>
public sealed class ClientProgramTests : IDisposable
{
    const string Schema = "CREATE TABLE t (id int PRIMARY KEY)";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgbaton-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task the_newest_pg_dump_is_found()
    {
        var found = await ClientProgram.FindAsync(new MigrationOptions { Target = "" }, new ServerVersion(150000), default);
        Assert.True(found.Major >= 15, found.ToString());
    }

    [Fact]
    public async Task a_folder_without_pg_dump_is_an_error()
    {
        var error = await FindErrorAsync();
        Assert.Equal(("PB0301", ExitCode.Blocked), (error.Code, error.ExitCode));
        Assert.Contains(_folder.FullName, error.Detail!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_pg_dump_that_is_older_than_the_source_is_an_error()
    {
        WriteScript("echo 'pg_dump (PostgreSQL) 14.9 (Debian 14.9-1)'");
        var error = await FindErrorAsync();
        Assert.Equal("PB0302", error.Code);
        Assert.Contains("pg_dump 14.9 is older than the source's PostgreSQL 15.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_pg_dump_says_when_it_fails_is_shown()
    {
        WriteScript("""[ "$1" = --version ] && echo 'pg_dump (PostgreSQL) 18.0' && exit; echo 'pg_dump: error: out of luck' >&2; exit 7""");
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, Schema, WithFolder);
        var error = await Assert.ThrowsAsync<MigrationException>(() => PreData.RunAsync(run.Migration, default));
        Assert.Equal("PB0303", error.Code);
        Assert.Equal("pg_dump: error: out of luck", error.Detail);
    }

    [Fact]
    public async Task an_older_archive_format_is_read_too()
    {
        const string older = "/usr/lib/postgresql/15/bin";
        Assert.SkipUnless(File.Exists($"{older}/pg_dump") && TestServer.Source.Major <= 15, "pg_dump 15 is not installed");
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema, options => options with { PgBin = older });
        await run.RunAllAsync();
        Assert.Equal(await SchemaOracle.ExpectAsync(run.Source, TestServer.Target), await SchemaOracle.ReadAsync(run.Target));
    }

    [Fact]
    public async Task the_password_is_seen_by_nobody_and_nothing_stays_behind()
    {
        const string canary = @"can:ary\9q31";
        var role = $"canary_{Guid.NewGuid():n}"[..20];
        var real = await ClientProgram.FindAsync(new MigrationOptions { Target = "" }, new ServerVersion(150000), default);
        var seen = Path.Combine(_folder.FullName, "seen");
        WriteScript(
            $"""
            [ "$1" = --version ] && exec '{real.Path}' --version
            (tr '\0' ' ' </proc/$$/cmdline; env; stat -c 'mode %a' "$PGPASSFILE" "$(dirname "$PGPASSFILE")"; echo "passfile $PGPASSFILE") >'{seen}'
            exec '{real.Path}' "$@"
            """);
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, Schema);
        await run.Source.ExecuteAsync($"CREATE ROLE {role} SUPERUSER LOGIN PASSWORD '{canary}'");
        try
        {
            await run.Migration.DisposeAsync();
            var uri = new UriBuilder(run.Source.Uri) { UserName = role, Password = Uri.EscapeDataString(canary) }.Uri.ToString();
            await using var migration = SchemaRun.Open(uri, run.Target.Uri, WithFolder);
            await migration.ConnectAsync(default);
            await PreData.RunAsync(migration, default);
        }
        finally
        {
            await run.Source.ExecuteAsync($"DROP ROLE {role}");
        }

        var lines = await File.ReadAllLinesAsync(seen);
        Assert.DoesNotContain(lines, line => line.Contains("9q31", StringComparison.Ordinal));
        Assert.Contains("mode 600", lines);
        Assert.Contains("mode 700", lines);
        var passfile = lines.Single(line => line.StartsWith("passfile ", StringComparison.Ordinal))["passfile ".Length..];
        Assert.False(Directory.Exists(Path.GetDirectoryName(passfile)));
        Assert.True(await run.Target.QueryAsync<bool>("SELECT NOT EXISTS (SELECT FROM pgbaton.entry e WHERE e::text LIKE '%9q31%')"));
    }

    [Fact]
    public async Task pg_dump_does_not_outlive_a_cancelled_run()
    {
        var pidFile = Path.Combine(_folder.FullName, "pid");
        WriteScript($"""[ "$1" = --version ] && echo 'pg_dump (PostgreSQL) 18.0' && exit; echo $$ >'{pidFile}.new'; mv '{pidFile}.new' '{pidFile}'; exec sleep 600""");
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, Schema, WithFolder);
        using var cancel = new CancellationTokenSource();
        var running = PreData.RunAsync(run.Migration, cancel.Token);
        while (!File.Exists(pidFile) && !running.IsCompleted)
            await Task.Delay(20);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(pidFile)).Trim()}"));
    }

    MigrationOptions WithFolder(MigrationOptions options) => options with { PgBin = _folder.FullName };

    Task<MigrationException> FindErrorAsync() => Assert.ThrowsAsync<MigrationException>(
        () => ClientProgram.FindAsync(WithFolder(new MigrationOptions { Target = "" }), new ServerVersion(150020), default));

    void WriteScript(string body)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("The scripts are for sh.");
        var path = Path.Combine(_folder.FullName, "pg_dump");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
