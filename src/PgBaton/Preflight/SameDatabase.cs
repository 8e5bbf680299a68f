namespace PgBaton.Preflight;

sealed class SameDatabase() : Check("PB1011", "server", "Are source and target two databases?", "source and target are two databases",
    needs: Needs.Both)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        if (servers.Source.Server.Identity.IsSameDatabase(servers.Target.Server.Identity))
            yield return Blocker(
                "source and target are the same database", $"{servers.Source.Server.Address} and {servers.Target.Server.Address} have one system identifier and one database.",
                "Give the connection string of another database as the target.", servers.Target.Server.Address);
    }
}
