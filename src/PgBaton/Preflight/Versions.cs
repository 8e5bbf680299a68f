using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class Versions() : Check("PB1010", "server", "Are these versions of PostgreSQL supported?", "the versions are supported", needs: Needs.None)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        if (servers.Has(Needs.Source) && servers.Source.Version is { Major: < ServerVersion.OldestSourceMajor } tooOld)
            yield return Blocker(
                $"the source runs PostgreSQL {tooOld}, which is too old",
                $"Logical replication as it is needed here, with TRUNCATE, came with PostgreSQL {ServerVersion.OldestSourceMajor}.",
                $"Upgrade the source to {ServerVersion.OldestSourceMajor} or newer first (pg_upgrade --link takes minutes).");
        else if (servers.Has(Needs.Source) && !servers.Source.Version.HasLogicalMessages)
            yield return Notice(
                $"the source runs PostgreSQL {servers.Source.Version}",
                "Its pgoutput sends no logical messages: until the end of the migration a table pgbaton.marker stands in for them on the source. It "
                + "does not scan ranges of ctids either, so that a large table is copied by one session.");
        if (servers.Has(Needs.Target) && servers.Target.Version.Major < ServerVersion.OldestTargetMajor)
            yield return Blocker(
                $"the target runs PostgreSQL {servers.Target.Version}, which is too old", null, $"Give a target of PostgreSQL {ServerVersion.OldestTargetMajor} or newer.");
        if (servers.Has(Needs.Both) && servers.Target.Version.Major < servers.Source.Version.Major)
            yield return Warning(
                $"the target ({servers.Target.Version}) is older than the source ({servers.Source.Version})",
                "What the source's schema uses of the newer version, the target refuses while the schema is made; nothing is lost by "
                + "trying.",
                $"Take a target of PostgreSQL {servers.Source.Version.Major} or newer if there is a choice.");
    }
}
