using System.Data;
using Npgsql;
using PgBaton.Cli.Demo.Servers;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>
/// Both sides as they were when the target was opened, before the first writer: sessions whose snapshots are taken at that moment and kept, so
/// that all rows can be compared at leisure, while the target is written to and the way back brings that to the source.
/// </summary>
sealed class SwitchSnapshots : IAsyncDisposable
{
    // The cutover ends every session on the source but pgbaton's own.
    const string ApplicationName = "pgbaton/demo";

    readonly NpgsqlTransaction?[] _snapshots = new NpgsqlTransaction?[2];

    SwitchSnapshots(NpgsqlConnection source, NpgsqlConnection target) => (Source, Target) = (source, target);

    public NpgsqlConnection Source { get; }

    public NpgsqlConnection Target { get; }

    /// <summary>Connected beforehand, so that the writers need not wait for it.</summary>
    public static async Task<SwitchSnapshots> PrepareAsync(ThrowawayServer source, ThrowawayServer target, string database, CancellationToken ct)
        => new(await source.OpenAsync(database, ct, ApplicationName), await target.OpenAsync(database, ct, ApplicationName));

    /// <summary>Takes the snapshots. Returns when they are taken.</summary>
    public void Hold() => (_snapshots[0], _snapshots[1]) = (Hold(Source), Hold(Target));

    static NpgsqlTransaction Hold(NpgsqlConnection connection)
    {
        var snapshot = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        using var first = new NpgsqlCommand("SELECT count(*) FROM accounting.counter", connection);
        first.ExecuteScalar();
        return snapshot;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var snapshot in _snapshots)
        {
            if (snapshot is not null)
                await snapshot.DisposeAsync();
        }

        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}
