using System.Security.Cryptography;
using PgBaton.Cli.Demo.Proofs;
using PgBaton.Cli.Demo.Servers;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Cli.Demo.Writers;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Demo;

/// <summary>The demo from its first line to its last.</summary>
sealed class DemoRun
{
    readonly CommandRun _run;
    readonly DemoOptions _options;
    readonly ThrowawayServer _source, _target;
    readonly ShopSize _size;
    readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    readonly List<Proof> _proofs = [];

    DemoRun(CommandRun run, DemoOptions options, ThrowawayServer source, ThrowawayServer target)
        => (_run, _options, _source, _target, _size) = (run, options, source, target, new ShopSize(options.Rows));

    public static async Task<ExitCode> RunAsync(CommandRun run, DemoOptions options, CancellationToken ct)
    {
        var (from, to) = (PostgresHome.Find(options.SourceMajor), PostgresHome.Find(options.TargetMajor));
        var started = run.Time.GetTimestamp();
        await run.Text.WriteLineAsync($"Starting two throwaway servers, PostgreSQL {from.Major} and {to.Major} …");
        try
        {
            await using var servers = await ServerPair.StartAsync(from, to, ct);
            var report = await new DemoRun(run, options, servers.Source, servers.Target).RunAsync(started, ct);
            report.Write(run);
            if (options.Keep)
                await servers.KeepAsync(run.Text, SampleShop.Database);
            return report.Refuted.Count == 0 ? ExitCode.Done : throw Errors.NotProven(report.Refuted.Count);
        }
        catch (Exception) when (ct.IsCancellationRequested) // Whatever broke while everything was being ended.
        {
            throw Errors.DemoInterrupted(Signals.Received ?? ExitCode.Interrupted);
        }
    }

    async Task<DemoReport> RunAsync(long started, CancellationToken ct)
    {
        await LoadAsync(ct);
        var onTarget = AddressOf("target", _target);
        var endpoint = new Endpoint(AddressOf("source", _source));
        await using var snapshots = await SwitchSnapshots.PrepareAsync(_source, _target, SampleShop.Database, ct);
        await using var writers = Crowd.Create(endpoint, _size, _run.Time);
        var (schema, effects) = await LookBeforeAsync(writers, ct);
        writers.Start(_options.Seed, ct);
        await _run.Text.WriteLineAsync($"{writers.Writers.Count} writers are at work. pgbaton moves the database under them.");

        var handover = new Handover(_run, Options(), writers, () =>
        {
            snapshots.Hold(); // First what both sides are now,
            endpoint.SwitchTo(onTarget); // then the first writer.
        });
        await handover.RunAsync(async () =>
        {
            _proofs.Add(await RowsProof.CompareAsync(snapshots.Source, snapshots.Target, ct));
            await snapshots.DisposeAsync(); // An open transaction holds locks, for which "finish" would wait.
        }, ct);

        await _run.Text.WriteLineAsync("Asking both servers whether anything is missing …");
        await ProveAsync(handover, writers, effects, schema, ct);
        return new DemoReport(handover.Recorder, writers.Writers, _proofs, _run.Time.GetElapsedTime(started), _run.Time);
    }

    async Task<(List<string> Schema, EffectProof Effects)> LookBeforeAsync(Crowd writers, CancellationToken ct)
    {
        await using var source = await _source.OpenAsync(SampleShop.Database, ct);
        return (await SchemaProof.LinesAsync(source, ct), await EffectProof.BeforeAsync(source, writers.Writers, ct));
    }

    async Task ProveAsync(Handover handover, Crowd writers, EffectProof effects, List<string> schema, CancellationToken ct)
    {
        await using var source = await _source.OpenAsync(SampleShop.Database, ct);
        await using var target = await _target.OpenAsync(SampleShop.Database, ct);
        List<Ledger> ledgers = [.. writers.Writers.Select(writer => writer.Ledger)];
        _proofs.InsertRange(0, (await LedgerProof.AskAsync(target, ledgers, ct)).Proofs);
        _proofs.AddRange(await effects.AskAsync(target, writers.Writers, ct));
        _proofs.Add(await SequenceProof.CompareAsync(source, target, ct));
        _proofs.AddRange(SchemaProof.Compare(schema, await SchemaProof.LinesAsync(source, ct), await SchemaProof.LinesAsync(target, ct)));
        _proofs.Add(ApplicationProof.Of(ledgers, handover.Recorder.FenceAsked));
        _proofs.Add(await TraceProof.AskAsync(source, target, ct));
    }

    Address AddressOf(string name, ThrowawayServer server) => new(name, server.SettingsOf(SampleShop.Database, SampleShop.Role, _password));

    async Task LoadAsync(CancellationToken ct)
    {
        var started = _run.Time.GetTimestamp();
        await _run.Text.WriteLineAsync($"Loading a shop of {Count(_size.Total)} rows …");
        await Task.WhenAll(
            SampleShop.CreateDatabaseAsync(_source, _password, ct), SampleShop.CreateDatabaseAsync(_target, _password, ct));
        await SampleShop.LoadAsync(_source, _size, _options.Seed, ct);
        await _run.Text.WriteLineAsync($"Loaded in {Duration(_run.Time.GetElapsedTime(started))}.");
    }

    // The log without a key is updated now and then; the application's role must find its privileges on the target.
    MigrationOptions Options() => new()
    {
        Source = _source.UriOf(SampleShop.Database),
        Target = _target.UriOf(SampleShop.Database),
        ReplicaIdentityFull = true,
        Privileges = true,
        Via = _options.Via,
        PgBin = PostgresHome.ClientBin,
    };
}
