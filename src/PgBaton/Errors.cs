using PgBaton.Postgres;

namespace PgBaton;

/// <summary>
/// Every error the library raises on its own account, one method each; each code has a page in docs/errors, held by a test.
/// Ranges: PB00 command line and connection strings, PB01 servers, PB02 journal and engine, PB03 schema, PB04 copy, PB05 slot and relay,
/// PB06 verification, PB07 cutover, PB08 the ends; PB1 checks.
/// </summary>
static partial class Errors
{
    public static MigrationException MalformedConnectionString(Side side, string why) => new(
        "PB0001", ExitCode.Usage,
        $"connection string of the {Name(side)} cannot be read: {why}",
        hint: "Use a URI (postgresql://user@host:5432/database?sslmode=require) or keywords (host=… dbname=… user=…).");

    public static MigrationException MissingConnectionString(Side side) => new(
        "PB0002", ExitCode.Usage,
        $"no connection string for the {Name(side)}",
        hint: $"Give --{Name(side)}, or set PGBATON_{Name(side).ToUpperInvariant()}.");

    public static MigrationException CannotConnect(Side side, string address, string? user, Exception inner) => new(
        "PB0101", ExitCode.Failed,
        $"cannot connect to the {Name(side)} {address} as {user}",
        detail: inner is Npgsql.PostgresException server ? $"{server.MessageText} (SQLSTATE {server.SqlState})" : Innermost(inner).Message,
        hint: "Check host, port, user, password and pg_hba.conf; psql with the same connection string must be able to connect.",
        about: address, inner: inner);

    static string Name(Side side) => side == Side.Source ? "source" : "target";

    static Exception Innermost(Exception failure) => failure.InnerException is { } inner ? Innermost(inner) : failure;
}
