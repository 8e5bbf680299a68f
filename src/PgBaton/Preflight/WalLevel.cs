namespace PgBaton.Preflight;

sealed class WalLevel() : Check(
    "PB1020", "replication", "Does the source write its WAL for logical decoding?", "the source's wal_level is logical", onlyFollowing: true)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var source = servers.Source;
        if (source.Facts.WalLevel != "logical" && source.Provider.CannotPublish is null)
            yield return Blocker(
                $"wal_level of the source is {source.Facts.WalLevel}, not logical",
                "Without it the server cannot tell what changed. The change needs a restart.", $"{source.Provider.EnableLogicalReplication}\nOr do without, in a maintenance window: --offline --fence-first");
    }
}
