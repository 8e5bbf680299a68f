namespace PgBaton.Preflight;

sealed class SameRegion() : Check("PB1004", "network", "Are the servers in the same region?", "nothing says that the servers are in different regions",
    needs: Needs.Both)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var (here, there) = (servers.Source.Provider.RegionOf(servers.Source.Signs), servers.Target.Provider.RegionOf(servers.Target.Signs));
        if (here is not null && there is not null && here != there)
            yield return Notice(
                $"the source is in {here}, the target in {there}",
                "Every batch of changes waits for the way there and back, the application's queries too after the cutover, and traffic between regions is paid for.",
                "Make the target in the source's region if there is a choice; run pgbaton next to the target.");
    }
}
