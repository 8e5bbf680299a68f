using System.Net.Sockets;
using Npgsql;

namespace PgBaton.Cli;

/// <summary>Any exception as an error for people and programs.</summary>
static class Failure
{
    /// <param name="failure">What was thrown.</param>
    /// <param name="signal">The signal that was received before; null if none was.</param>
    public static MigrationException Of(Exception failure, ExitCode? signal) => failure switch
    {
        MigrationException { ExitCode: ExitCode.Interrupted or ExitCode.Terminated } error => error,
        _ when signal is { } exitCode => Errors.Interrupted(exitCode), // Whatever broke while everything was being stopped.
        MigrationException error => error,
        AggregateException { InnerExceptions: [var only] } => Of(only, signal),
        PostgresException server => Errors.ServerFailed(server),
        NpgsqlException or SocketException or TimeoutException => Errors.ConnectionLost(failure),
        IOException or UnauthorizedAccessException => Errors.Unwritable(failure),
        _ => Errors.Unforeseen(failure),
    };

    /// <summary>What another process answered.</summary>
    public static MigrationException From(ErrorReport error, ExitCode exitCode)
        => new(error.Code, exitCode, error.Message, error.Detail, error.Hint, error.Object);

    /// <summary>Somebody wants to see the whole story of an exception.</summary>
    public static bool IsDebugging => Environment.GetEnvironmentVariable("PGBATON_DEBUG") is "1";

    /// <summary>Without the passwords that stand in connection strings.</summary>
    public static ErrorReport Report(MigrationException error) => ErrorReport.Of(error)!.WithoutPasswords();
}
