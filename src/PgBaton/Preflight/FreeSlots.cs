namespace PgBaton.Preflight;

sealed class FreeSlots() : FreePlaces("PB1021", "replication slot", "replication slots", "max_replication_slots")
{
    protected override int InUse(ServerFacts facts) => facts.Slots;

    protected override string WithoutRestart
        => "SELECT slot_name, active, wal_status FROM pg_replication_slots;  -- drop what nobody reads: SELECT pg_drop_replication_slot('…');";
}
