using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>A short session that only reads and never waits: for a lock, for a slow server, for anybody.</summary>
static class StatusSession
{
    /// <summary>A server that is far away answers within this; what is not answered by then is unknown.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    const string Options =
        "-c application_name=pgbaton/status -c statement_timeout=800 -c lock_timeout=300 -c default_transaction_read_only=on -c search_path= -c row_security=off -c quote_all_identifiers=off";

    /// <exception cref="MigrationException">PB0101, PB0103 to PB0111.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(Side side, ConnectionString connectionString, CancellationToken ct)
        => (await connectionString.OpenAsync(side, Options, ct)).Connection;
}
