using Npgsql;

namespace PgBaton.Status;

/// <summary>Who may write on the source, as its gate says it.</summary>
static class SourceGate
{
    /// <summary>source, target or none; null if the gate is not there.</summary>
    public static Task<string?> WriterAsync(NpgsqlConnection connection, CancellationToken ct) => Task.FromResult<string?>(null);
}
