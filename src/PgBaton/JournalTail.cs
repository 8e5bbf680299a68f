using System.Text.Json;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton;

/// <summary>Follows the events that the engine writes down, for a process that only waits for it.</summary>
sealed class JournalTail(NpgsqlConnection connection, Action<MigrationEvent> report)
{
    long? _seen;

    /// <summary>Passes over what has come so far: this process was the engine, and has reported it already.</summary>
    public void Skip() => _seen = null;

    /// <summary>Reports what has come since the last call; the first call only finds the end.</summary>
    public async Task ReadAsync(CancellationToken ct)
    {
        if (_seen is null)
        {
            _seen = await connection.QueryValueAsync<long>("SELECT coalesce(max(seq), 0) FROM pgbaton.event", ct);
            return;
        }

        foreach (var (seq, text) in await connection.QueryAsync(
            "SELECT seq, event::text FROM pgbaton.event WHERE seq > $1 ORDER BY seq", row => (row.GetInt64(0), row.GetString(1)), ct, _seen))
        {
            _seen = seq;
            report(Read(text));
        }
    }

    // The engine may be of a newer version and know events that this one does not.
    internal static MigrationEvent Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, PgBatonJson.Default.MigrationEvent)!;
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            return new Notice($"the engine reported something that this version does not know: {text}");
        }
    }
}
