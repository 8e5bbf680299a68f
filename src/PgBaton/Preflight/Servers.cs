using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Providers;

namespace PgBaton.Preflight;

/// <summary>What the questions are asked of: two servers, or one, and what is to be moved. Gathered once, in few round trips.</summary>
sealed class Servers : IAsyncDisposable
{
    Servers(MigrationOptions options, CheckedServer? source, CheckedServer? target)
        => (Options, Scope, _source, _target) = (options, new Scope(options), source, target);

    readonly CheckedServer? _source, _target;
    Task<CopyForecast>? _forecast;

    public MigrationOptions Options { get; }

    public Scope Scope { get; }

    /// <summary>Only for questions that need it.</summary>
    public CheckedServer Source => _source ?? throw new InvalidOperationException("the source cannot be reached");

    /// <summary>Only for questions that need it.</summary>
    public CheckedServer Target => _target ?? throw new InvalidOperationException("the target cannot be reached");

    /// <summary>Those that were reached, the source first.</summary>
    public IEnumerable<CheckedServer> All => new[] { _source, _target }.OfType<CheckedServer>();

    /// <summary>Tables in scope that hold rows; empty without a source.</summary>
    public IReadOnlyList<CheckedTable> Tables { get; private init; } = [];

    /// <summary>What keeps one of the servers from being asked at all.</summary>
    public IReadOnlyList<MigrationException> Unreachable { get; init; } = [];

    /// <summary>What was passed over when the connection strings were read.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The steps that the target's journal says were begun; empty without a journal.</summary>
    public IReadOnlyList<string> StepsBegun { get; private init; } = [];

    /// <summary>The slot's name, by the target's journal; null without one.</summary>
    public string? SlotName { get; private init; }

    /// <summary>The slot exists or is about to: what was asked before it need not be asked again.</summary>
    public bool IsUnderWay => StepsBegun.Contains("slot");

    /// <summary>No session of ours has been lost.</summary>
    public bool AreConnected
        => _source?.Connection.State is null or System.Data.ConnectionState.Open && _target?.Connection.State is null or System.Data.ConnectionState.Open;

    public bool Has(Needs needs)
        => (!needs.HasFlag(Needs.Source) || _source is not null) && (!needs.HasFlag(Needs.Target) || _target is not null);

    /// <summary>Made once. Only for questions that need the source.</summary>
    public Task<CopyForecast> ForecastAsync(CancellationToken ct) => _forecast ??= CopyForecast.MakeAsync(this, ct);

    public static async Task<Servers> GatherAsync(
        MigrationOptions options, Server? source, Server? target, IReadOnlyList<MigrationException> unreachable, IReadOnlyList<string> warnings, CancellationToken ct)
    {
        CheckedServer? from = null, to = null;
        try
        {
            from = source is null ? null : await CheckedServer.OpenAsync(source, ct);
            to = target is null ? null : await CheckedServer.OpenAsync(target, ct);
            var (slotName, steps) = to is null ? (null, []) : await JournalAsync(to, ct);
            return new Servers(options, from, to)
            {
                Tables = from is null ? [] : await TableLock.NotWaitingForAsync(from, () => CheckedTable.ListAsync(from.Connection, new Scope(options), options.ReplicaIdentityFull, ct), ct),
                Unreachable = unreachable, Warnings = warnings, SlotName = slotName, StepsBegun = steps,
            };
        }
        catch
        {
            await DisposeAsync(from, to);
            throw;
        }
    }

    public ValueTask DisposeAsync() => DisposeAsync(_source, _target);

    // A schema that is not ours is the business of a check.
    static async Task<(string? SlotName, IReadOnlyList<string> Steps)> JournalAsync(CheckedServer target, CancellationToken ct)
    {
        if (target.Facts.OurSchemaComment?.StartsWith("pgbaton journal", StringComparison.Ordinal) != true
            || !await JournalReader.ExistsAsync(target.Connection, target.Server.Address, ct))
            return (null, []);
        var name = await target.Connection.QueryFirstAsync("SELECT name FROM pgbaton.migration", row => row.GetString(0), ct);
        return (
            name is null ? null : $"pgbaton_{name}",
            await target.Connection.QueryAsync("SELECT name FROM pgbaton.step", row => row.GetString(0), ct));
    }

    static async ValueTask DisposeAsync(params CheckedServer?[] servers)
    {
        foreach (var server in servers.OfType<CheckedServer>())
            await server.Connection.DisposeAsync();
    }
}

/// <summary>A server with a session of ours on it.</summary>
/// <param name="Removed">What an earlier check had left there.</param>
sealed record CheckedServer(Server Server, NpgsqlConnection Connection, ServerFacts Facts, IReadOnlyList<string> Removed)
{
    public ServerVersion Version => Server.Version;

    /// <summary>As messages call it.</summary>
    public string Side => Server.Side == Postgres.Side.Source ? "source" : "target";

    /// <summary>By what was written: a name may lead elsewhere tomorrow.</summary>
    public bool IsThisMachine
        => Server.Host is "localhost" or "::1" or ['/' or '@', ..] || Server.Host.StartsWith("127.", StringComparison.Ordinal);

    /// <summary>What gives its home away.</summary>
    public ServerSigns Signs => new(Server.NamedHost, Server.Port, Server.User, Server.Database, Facts.Signs, Facts.IsSuperuser);

    /// <summary>Where it is at home.</summary>
    public Provider Provider => Home.Of(Signs);

    public static async Task<CheckedServer> OpenAsync(Server server, CancellationToken ct)
    {
        var connection = await server.OpenNewAsync("check", ct, TableLock.Limit);
        try
        {
            var removed = await Sweep.RunAsync(connection, ct);
            return new CheckedServer(server, connection, await ServerFacts.ReadAsync(connection, ct), removed);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
