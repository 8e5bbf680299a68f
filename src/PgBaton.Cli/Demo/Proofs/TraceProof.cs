using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>After <c>finish</c>, neither server holds anything of ours.</summary>
static class TraceProof
{
    // Gates would be found by the comparison of schemas too.
    const string Traces = """
        SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE database = current_database()
        UNION ALL SELECT 'publication ' || pubname FROM pg_publication
        UNION ALL SELECT 'subscription ' || subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname LIKE 'pgbaton%'
        UNION ALL SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'pgbaton%'
        UNION ALL SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE proname LIKE 'pgbaton%'
        UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
        UNION ALL SELECT 'session ' || application_name FROM pg_stat_activity WHERE application_name LIKE 'pgbaton/%' AND datname = current_database()
        """;

    public static async Task<Proof> AskAsync(NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        List<string> traces =
        [
            .. from trace in await source.QueryAsync(Traces, row => row.GetString(0), ct) select $"source: {trace}",
            .. from trace in await target.QueryAsync(Traces, row => row.GetString(0), ct) select $"target: {trace}",
        ];
        return new Proof(
            "nothing of pgbaton is left on either server", traces.Count == 0,
            traces.Count == 0 ? "no slot, publication, schema, trigger, function or session" : string.Join("; ", traces));
    }
}
