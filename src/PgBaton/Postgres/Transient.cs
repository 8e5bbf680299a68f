using System.Net.Sockets;
using Npgsql;

namespace PgBaton.Postgres;

/// <summary>Which failures are worth another try. Narrow on purpose: what is not named here stops the run.</summary>
static class Transient
{
    public static bool Is(Exception failure) => failure switch
    {
        PostgresException server => Is(server.SqlState),
        MigrationException { InnerException: { } inner } => Is(inner),
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } => true,
        NpgsqlException { IsTransient: true } => true,
        IOException or SocketException or TimeoutException => true,
        AggregateException several => several.InnerExceptions.All(Is),
        _ => false,
    };

    static bool Is(string sqlState) => sqlState switch
    {
        "40001" or "40P01" => true,                       // serialization_failure, deadlock_detected
        "55P03" or "55006" => true,                       // lock_not_available, object_in_use (the slot of a session that is about to end)
        "57P01" or "57P02" or "57P03" or "57P05" => true, // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
        "53100" or "53200" or "53300" => true,            // disk_full, out_of_memory, too_many_connections: others may make room
        _ => sqlState.StartsWith("08", StringComparison.Ordinal), // connection exceptions
    };
}
