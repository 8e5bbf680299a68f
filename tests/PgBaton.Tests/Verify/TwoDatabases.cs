using System.Diagnostics;
using PgBaton.Postgres;
using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

/// <summary>A source and a target that nobody else writes to.</summary>
public sealed class TwoDatabases : IAsyncDisposable
{
    TwoDatabases(TestDatabase source, TestDatabase target) => (Source, Target) = (source, target);

    public TestDatabase Source { get; }

    public TestDatabase Target { get; }

    public static Task<TwoDatabases> CreateAsync(string sql = "") => CreateAsync(TestServer.Source, TestServer.Target, sql);

    /// <summary>The same SQL on both sides.</summary>
    public static async Task<TwoDatabases> CreateAsync(TestServer source, TestServer target, string sql = "")
    {
        var databases = new TwoDatabases(await source.CreateDatabaseAsync(), await target.CreateDatabaseAsync());
        if (sql.Length > 0)
        {
            await databases.Source.ExecuteAsync(sql);
            await databases.Target.ExecuteAsync(sql);
        }

        return databases;
    }

    /// <summary>Makes the target what pg_dump says the source is.</summary>
    public async Task CloneAsync()
    {
        using var dump = Process.Start(new ProcessStartInfo("pg_dump", [Source.Uri]) { RedirectStandardOutput = true })!;
        await CaseFile.PsqlAsync(Target, await dump.StandardOutput.ReadToEndAsync());
    }

    internal async Task<(Server Source, Server Target)> ConnectAsync()
        => (await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, Source.Uri), default),
            await Server.ConnectAsync(Side.Target, ConnectionString.Parse(Side.Target, Target.Uri), default));

    internal async Task<VerificationReport> VerifyAsync(VerifyOptions? options = null)
    {
        var (source, target) = await ConnectAsync();
        return await VerifyTables.AtRestAsync(source, target, options ?? new VerifyOptions { Jobs = 2 }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}
