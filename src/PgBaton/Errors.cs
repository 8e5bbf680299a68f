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
        detail: $"Neither --{Name(side)} nor PGBATON_{Name(side).ToUpperInvariant()} is given.",
        hint: $"Give --{Name(side)}, or set PGBATON_{Name(side).ToUpperInvariant()}.");

    internal static string Name(Side side) => side == Side.Source ? "source" : "target";
}
