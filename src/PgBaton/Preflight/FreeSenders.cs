namespace PgBaton.Preflight;

sealed class FreeSenders() : FreePlaces("PB1022", "walsender", "walsenders", "max_wal_senders")
{
    protected override int InUse(ServerFacts facts) => facts.Senders;
}
