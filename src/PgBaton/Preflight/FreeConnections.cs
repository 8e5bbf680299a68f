using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class FreeConnections() : Check(
    "PB1015", "server", "Are enough connections free on both servers?", "enough connections are free", needs: Needs.None)
{
    /// <summary>Beside the workers: engine, keeper of the snapshot, relay, words and status, a look at what is in the way.</summary>
    const int Besides = 5;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var jobs = Math.Max(servers.Options.Jobs, 1);
        if (servers.Has(Needs.Source) && Of(servers.Source, jobs + Besides, $"{jobs} jobs + {Besides}") is { } ofSource)
            yield return ofSource;
        var most = Math.Max(jobs, servers.Options.IndexJobs);
        if (servers.Has(Needs.Target) && Of(servers.Target, most + Besides, $"{most} jobs + {Besides}") is { } ofTarget)
            yield return ofTarget;
    }

    Finding? Of(CheckedServer server, int needed, string formula)
    {
        var facts = server.Facts;
        var reserved = facts.Number("superuser_reserved_connections") + facts.Number("reserved_connections");
        var total = facts.Number("max_connections") - (facts.IsSuperuser ? 0 : reserved);
        // Our own session is counted in what is used, and is one of those we need.
        var free = total - facts.Backends + 1;
        var freeForRole = facts.RoleConnectionLimit < 0 || facts.IsSuperuser ? int.MaxValue : facts.RoleConnectionLimit - facts.BackendsOfRole + 1;
        var freeInDatabase = facts.DatabaseConnectionLimit < 0 || facts.IsSuperuser ? int.MaxValue : facts.DatabaseConnectionLimit - facts.BackendsOfRole + 1;
        if (Math.Min(free, Math.Min(freeForRole, freeInDatabase)) >= needed)
            return null;
        if (freeForRole < needed && freeForRole <= free)
            return Blocker(
                $"role {Sql.Identifier(facts.User)} may open {freeForRole} more connections on the {server.Side}, {needed} are needed "
                + $"({formula})", null,
                $"ALTER ROLE {Sql.Identifier(facts.User)} CONNECTION LIMIT -1;  -- or a smaller --jobs", Sql.Identifier(facts.User));
        if (freeInDatabase < needed && freeInDatabase <= free)
            return Blocker(
                $"database {Sql.Identifier(server.Server.Database)} of the {server.Side} takes {freeInDatabase} more connections, {needed} are "
                + $"needed ({formula})", null,
                $"ALTER DATABASE {Sql.Identifier(server.Server.Database)} CONNECTION LIMIT -1;  -- or a smaller "
                + "--jobs", Sql.Identifier(server.Server.Database));
        return Blocker(
            $"{free} connections are free on the {server.Side}, {needed} are needed ({formula})",
            $"max_connections {facts.Number("max_connections")}, reserved {reserved}, in use {facts.Backends}.",
            "Lower --jobs and --index-jobs, end idle sessions, or raise max_connections (restart).");
    }
}
