using System.Diagnostics;
using Npgsql;
using PgBaton.Cli.Demo.Proofs;
using PgBaton.Cli.Demo.Servers;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Cli.Demo.Writers;

namespace PgBaton.Tests.Demo;

/// <summary>A shop on which the writers worked, and a copy of it that pg_dump made while nobody wrote: what a migration ought to come to.</summary>
public sealed class DumpedShop : IAsyncLifetime
{
    readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    ServerPair? _servers;

    internal Crowd Writers { get; private set; } = null!;
    internal EffectProof Effects { get; private set; } = null!;
    internal List<string> Schema { get; private set; } = null!;
    internal NpgsqlConnection Source { get; private set; } = null!;
    internal NpgsqlConnection Target { get; private set; } = null!;

    internal IReadOnlyList<Ledger> Ledgers => [.. Writers.Writers.Select(writer => writer.Ledger)];

    public async ValueTask InitializeAsync()
    {
        var size = new ShopSize(5_000);
        _servers = await ServerPair.StartAsync(DemoServers.Home(15), DemoServers.Home(17), _ct);
        foreach (var server in new[] { _servers.Source, _servers.Target })
            await SampleShop.CreateDatabaseAsync(server, "secret", _ct);
        await SampleShop.LoadAsync(_servers.Source, size, seed: 1, _ct);
        Source = await _servers.Source.OpenAsync("shop", _ct);
        Schema = await SchemaProof.LinesAsync(Source, _ct);

        var endpoint = new Endpoint(new Address("source", _servers.Source.SettingsOf("shop", "shop_app", "secret")));
        Writers = Crowd.Create(endpoint, size, TimeProvider.System);
        Effects = await EffectProof.BeforeAsync(Source, Writers.Writers, _ct);
        Writers.Start(seed: 1, _ct);
        while (Ledgers.Any(ledger => ledger.Attempted < 22)) // Far enough for each kind of statement to come by.
            await Task.WhenAny(Writers.Failure, Task.Delay(20, _ct));
        await Writers.StopAsync();

        await CopyAsync(_servers.Source, _servers.Target);
        Target = await _servers.Target.OpenAsync("shop", _ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is null)
            return;
        await Writers.DisposeAsync();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        await _servers.DisposeAsync();
    }

    /// <summary>All proofs, of which a test expects one not to hold.</summary>
    internal async Task<IReadOnlyList<Proof>> AskAsync() =>
    [
        .. (await LedgerProof.AskAsync(Target, Ledgers, _ct)).Proofs,
        .. await Effects.AskAsync(Target, Writers.Writers, _ct),
        await RowsProof.CompareAsync(Source, Target, _ct),
        await SequenceProof.CompareAsync(Source, Target, _ct),
        .. SchemaProof.Compare(Schema, await SchemaProof.LinesAsync(Source, _ct), await SchemaProof.LinesAsync(Target, _ct)),
        await TraceProof.AskAsync(Source, Target, _ct),
    ];

    static async Task CopyAsync(ThrowawayServer source, ThrowawayServer target)
    {
        var file = Path.GetTempFileName();
        await RunAsync("pg_dump", ["-Fc", "-f", file, "-d", source.UriOf("shop")]);
        await RunAsync("pg_restore", ["-d", target.UriOf("shop"), file]);
        File.Delete(file);
    }

    static async Task RunAsync(string program, string[] arguments)
    {
        var path = PostgresHome.ClientBin is { } bin ? Path.Combine(bin, program) : program;
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }
}
