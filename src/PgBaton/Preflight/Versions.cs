using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class Versions() : Check("PB1010", "server", "Are these versions of PostgreSQL supported?", "the versions are supported")
{
    /// <summary>Before 14, pgoutput sends no logical messages, by which the relay knows where it is.</summary>
    const int OldestSource = 14;

    public override Needs Needs => Needs.None;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        if (servers.Has(Needs.Source) && servers.Source.Version.Major < OldestSource)
            yield return Blocker(
                $"the source runs PostgreSQL {servers.Source.Version}, which is not yet supported",
                servers.Source.Version.Major >= ServerVersion.OldestSourceMajor
                    ? "Sources of 11 to 13 are planned: their pgoutput knows no logical messages, which the relay needs today."
                    : "Logical replication as it is needed here came with PostgreSQL 11.",
                $"Upgrade the source to {OldestSource} or newer first (pg_upgrade --link takes minutes).");
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
