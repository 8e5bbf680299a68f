namespace PgBaton.Preflight;

sealed class WayBack() : Check(
    "PB1090", "way back", "Could the target replicate back?", "the target's wal_level is logical, so there can be a way back",
    needs: Needs.Target, onlyFollowing: true)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var facts = servers.Target.Facts;
        if (facts.WalLevel != "logical")
            yield return Notice(
                $"wal_level of the target is {facts.WalLevel}: after the cutover there is no way back without losing writes",
                "To be moved to, a target does not need it. To carry its writes back to the source, it does.",
                $"On the target, before the cutover: {servers.Target.Provider.EnableLogicalReplication}");
    }
}
