namespace PgBaton.Preflight;

sealed class FreeSlots() : Check(
    "PB1021", "replication", "Are two replication slots free on the source?", "enough replication slots are free")
{
    /// <summary>The permanent one, and the temporary one of the copy.</summary>
    const int Needed = 2;

    public override bool OnlyBefore => true;

    public override bool OnlyFollowing => true;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var facts = servers.Source.Facts;
        var free = facts.Number("max_replication_slots") - facts.Slots;
        if (free < Needed)
            yield return Blocker(
                $"{Listing.Count(free, "replication slot is", "replication slots are")} free on the source, {Needed} are needed",
                $"max_replication_slots {facts.Number("max_replication_slots")}, in use {facts.Slots}. Needed: 1 for the stream, and 1 "
                + "for a moment at each start of the copy.",
                "SELECT slot_name, active, wal_status FROM pg_replication_slots;  -- drop what nobody reads: SELECT "
                + "pg_drop_replication_slot('…');\n"
                + $"Or raise the limit: {servers.Source.Provider.Set("max_replication_slots", $"{facts.Slots + Needed}", restarts: true)}");
    }
}
