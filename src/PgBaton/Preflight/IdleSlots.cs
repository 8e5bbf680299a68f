namespace PgBaton.Preflight;

sealed class IdleSlots() : Check(
    "PB1029", "replication", "Does the source leave idle slots alone?", "the source leaves idle slots alone", onlyFollowing: true)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var seconds = servers.Source.Facts.Number("idle_replication_slot_timeout");
        if (seconds <= 0)
            yield break;
        var fix = servers.Source.Provider.Set("idle_replication_slot_timeout", "0", restarts: false);
        var message = $"the source drops slots that nobody reads for {seconds} s (idle_replication_slot_timeout)";
        const string detail = "While pgbaton runs, it reads its slot. Stopped for longer than that, the slot is lost at the next "
            + "checkpoint and the migration has to begin again.";
        yield return seconds < 3600 ? Warning(message, detail, fix) : Notice(message, detail, fix);
    }
}
