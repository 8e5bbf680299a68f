using PgBaton.Postgres;

namespace PgBaton;

/// <summary>How the journal remembers a server. Without user and password.</summary>
sealed record JournalServer(string SystemIdentifier, uint DatabaseOid, string Database, int Timeline, string Address, string Version)
{
    public static JournalServer Of(Server server) => new(
        server.Identity.SystemIdentifier, server.Identity.DatabaseOid, server.Identity.Database, server.Identity.Timeline,
        server.Address, server.Version.ToString());
}
