namespace PgBaton.Preflight;

sealed class WalLevel() : Check(
    "PB1020", "replication", "Does the source write its WAL for logical decoding?", "the source's wal_level is logical")
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var facts = servers.Source.Facts;
        if (facts.WalLevel == "logical")
            yield break;
        yield return Blocker(
            $"wal_level of the source is {facts.WalLevel}, not logical", "Without it the server cannot tell what changed. The change needs a restart.", Fix(facts));
    }

    static string Fix(ServerFacts facts)
        => facts.Setting("rds.logical_replication") is not null ? "Set rds.logical_replication = 1 in the (cluster) parameter group and reboot the instance."
            : facts.Setting("cloudsql.logical_decoding") is not null ? "gcloud sql instances patch INSTANCE --database-flags=cloudsql.logical_decoding=on  # keep the other flags in the list"
            : "ALTER SYSTEM SET wal_level = 'logical';  -- then restart the server";
}
