namespace PgBaton.Preflight;

/// <summary>
/// What a check that was killed has left. Its probes are temporary or in transactions that never commit, so that the server takes them back with the session;
/// but a session that waits for a transaction does not notice that its client is gone, and a statement pooler lets nothing be taken back.
/// </summary>
sealed class ProbeRemains() : Check(
    "PB1037", "replication", "Has an earlier check left nothing behind?", "no earlier check has left anything behind", Needs.None)
{
    protected override IEnumerable<Finding> Look(Servers servers)
        => from server in servers.All
           where server.Removed.Count > 0
           select Fine($"removed from the {server.Side}, left by a check that was killed: {Listing.Of(server.Removed)}");
}
