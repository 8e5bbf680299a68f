namespace PgBaton.Preflight;

sealed class FreeSenders() : Check("PB1022", "replication", "Are two walsenders free on the source?", "enough walsenders are free")
{
    /// <summary>The stream, and the copy's temporary slot.</summary>
    const int Needed = 2;

    public override bool OnlyBefore => true;

    public override bool OnlyFollowing => true;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var facts = servers.Source.Facts;
        var free = facts.Number("max_wal_senders") - facts.Senders;
        if (free < Needed)
            yield return Blocker(
                $"{Listing.Count(free, "walsender is", "walsenders are")} free on the source, {Needed} are needed",
                $"max_wal_senders {facts.Number("max_wal_senders")}, in use {facts.Senders}. Needed: 1 for the stream, and 1 for a "
                + "moment at each start of the copy.",
                servers.Source.Provider.Set("max_wal_senders", $"{facts.Senders + Needed}", restarts: true));
    }
}
