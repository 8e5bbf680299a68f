namespace PgBaton.Preflight;

sealed class CanPublish() : Check(
    "PB1026", "replication", "Does the source's provider let changes out?", "the source's provider lets changes out", onlyFollowing: true)
{
    protected override IEnumerable<Finding> Look(Servers servers)
        => servers.Source.Provider is { CannotPublish: { } why } provider
            ? [Blocker($"the source is at {provider.Name}, which has no logical replication", why,
                "Close the source and copy it in a maintenance window: --offline --fence-first; or ask the provider for a plan that can replicate.",
                servers.Source.Server.Address)]
            : [];
}
