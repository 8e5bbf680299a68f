namespace PgBaton.Preflight;

sealed class SlotKeepsWal() : Check(
    "PB1028", "replication", "Does the source keep enough WAL for a slot?", "the source keeps enough WAL for a slot")
{
    const long Least = 1024; // MB

    public override bool OnlyFollowing => true;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var facts = servers.Source.Facts;
        if (facts.Setting("max_slot_wal_keep_size") is null)
            yield break;
        var megabytes = facts.Number("max_slot_wal_keep_size");
        if (megabytes < 0)
        {
            yield return Fine(
                "the source keeps WAL for a slot without limit", "Nothing is lost however long the copy takes; but WAL grows on its disk while pgbaton copies, or is not running. Watch \"pgbaton status\".");
            yield break;
        }

        var (message, fix) = (
            $"the source keeps at most {megabytes} MB of WAL for a slot (max_slot_wal_keep_size)",
            $"With room on the disk: {servers.Source.Provider.Set("max_slot_wal_keep_size", "-1", restarts: false)}");
        if (megabytes < Least)
            yield return Warning(
                message,
                "If more is written while the tables are copied, or while pgbaton is not running, the slot is lost and the migration "
                + "has to begin again.",
                fix);
        else if (megabytes < facts.DatabaseBytes / 2 / (1L << 20))
            yield return Notice(
                message,
                "That is less than half the database's size: a busy source may write more than that during the copy, and the slot would "
                + "be lost.",
                fix);
    }
}
