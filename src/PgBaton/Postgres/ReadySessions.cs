using System.Collections.Concurrent;
using Npgsql;

namespace PgBaton.Postgres;

/// <summary>
/// Sessions of one server that are opened before they are needed: at a distance each takes some seven round trips. Who asks the server for one of
/// that name gets it, and the next is opened meanwhile. What nobody has asked for is closed with this.
/// </summary>
sealed class ReadySessions : IAsyncDisposable
{
    // Fewer would be missed by the application, whose sessions come and go.
    const int LeftForOthers = 20;

    readonly Server _server;
    readonly ConcurrentDictionary<string, Task<NpgsqlConnection?>> _ready = new();
    readonly Dictionary<string, int> _later;
    readonly CancellationTokenSource _stop = new();
    bool _isDisposed;

    ReadySessions(Server server, Dictionary<string, int> later) => (_server, _later) = (server, later);

    /// <summary>Where the server has no room for them, or refuses one, they are opened when they are needed, as without this.</summary>
    /// <param name="server">Gives them out from now on.</param>
    /// <param name="names">As they will be asked for; one that is named twice will be asked for twice, one after the other.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<ReadySessions> OpenAsync(Server server, IReadOnlyCollection<string> names, CancellationToken ct)
    {
        var first = names.Distinct().ToList();
        var sessions = new ReadySessions(server, names.CountBy(name => name).ToDictionary(name => name.Key, name => name.Value - 1));
        if (await HasRoomAsync(server, first.Count, ct))
        {
            foreach (var name in first)
                sessions._ready[name] = sessions.TryOpenAsync(name);
            await Task.WhenAll(sessions._ready.Values).WaitAsync(ct);
        }

        server.Ready = sessions;
        return sessions;
    }

    /// <summary>Null: there is none of that name.</summary>
    public async Task<NpgsqlConnection?> TakeAsync(string name)
    {
        if (!_ready.TryRemove(name, out var session))
            return null;
        lock (_later)
        {
            if (_later[name]-- > 0)
                _ready[name] = TryOpenAsync(name);
        }

        return await session;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        (_isDisposed, _server.Ready) = (true, null);
        await _stop.CancelAsync();
        foreach (var session in _ready.Values)
        {
            if (await session is { } unused)
                await unused.DisposeAsync();
        }

        _stop.Dispose();
    }

    static async Task<bool> HasRoomAsync(Server server, int count, CancellationToken ct)
    {
        await using var session = await server.OpenAsync("room", ct);
        return await session.QueryValueAsync<bool>(
            "SELECT pg_catalog.current_setting('max_connections')::int - pg_catalog.count(*) >= $1 FROM pg_catalog.pg_stat_activity", ct, count + LeftForOthers);
    }

    async Task<NpgsqlConnection?> TryOpenAsync(string name)
    {
        try
        {
            return await _server.OpenNewAsync(name, _stop.Token);
        }
        catch (Exception failure) when (failure is NpgsqlException or MigrationException or OperationCanceledException or IOException)
        {
            return null; // Whoever needs it will be told.
        }
    }
}
