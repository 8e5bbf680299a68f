using System.Data;
using Npgsql;
using PgBaton.Cli.Demo.Servers;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>
/// The target as it was when it was opened, before the first writer: a session whose snapshot is taken at that moment and kept, so that all
/// rows can be compared at leisure with the source, which nobody can change any more.
/// </summary>
sealed class OpenedTarget : IAsyncDisposable
{
    readonly NpgsqlConnection _connection;
    NpgsqlTransaction? _snapshot;

    OpenedTarget(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Connected beforehand, so that the writers need not wait for it.</summary>
    public static async Task<OpenedTarget> PrepareAsync(ThrowawayServer target, string database, CancellationToken ct)
        => new(await target.OpenAsync(database, ct));

    /// <summary>Takes the snapshot. Returns when it is taken.</summary>
    public void Hold()
    {
        _snapshot = _connection.BeginTransaction(IsolationLevel.RepeatableRead);
        using var first = new NpgsqlCommand("SELECT count(*) FROM accounting.counter", _connection);
        first.ExecuteScalar();
    }

    /// <summary>A session that sees nothing that came later.</summary>
    public NpgsqlConnection Connection => _snapshot is not null ? _connection : throw new InvalidOperationException("the target was never opened");

    public async ValueTask DisposeAsync()
    {
        if (_snapshot is not null)
            await _snapshot.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
