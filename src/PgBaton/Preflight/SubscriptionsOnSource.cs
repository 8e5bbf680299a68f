using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>What a subscription writes passes the gate that closes the source, so the fence would not hold.</summary>
sealed class SubscriptionsOnSource() : Check(
    "PB1031", "replication", "Does the source subscribe to nothing?", "the source has no subscription of its own")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var subscriptions = await servers.Source.Connection.QueryAsync(
            "SELECT subname::text, subenabled FROM pg_catalog.pg_subscription WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database "
            + "WHERE datname = pg_catalog.current_database()) AND subname IS DISTINCT FROM $1 ORDER BY 1",
            row => (Name: Sql.Identifier(row.GetString(0)), IsEnabled: row.GetBoolean(1)), ct, (object?)WayBack(servers) ?? DBNull.Value);
        var (enabled, disabled) = (
            subscriptions.Where(s => s.IsEnabled).Select(s => s.Name).ToList(),
            subscriptions.Where(s => !s.IsEnabled).Select(s => s.Name).ToList());
        var findings = new List<Finding>();
        if (enabled.Count > 0)
            findings.Add(Blocker(
                $"the source subscribes to another server: {Listing.Of(enabled)}", "What a subscription writes is not stopped by the gate: rows could arrive on the source after the cutover, and be lost.",
                Listing.Script([.. enabled.Select(name => $"ALTER SUBSCRIPTION {name} DISABLE;  -- and leave it so until the migration is finished")]), Listing.About(enabled)));
        if (disabled.Count > 0)
            findings.Add(Notice(
                $"the source has disabled subscriptions: {Listing.Of(disabled)}",
                "They are not moved; leave them disabled until the migration is finished.", about: Listing.About(disabled)));
        return findings;
    }

    // By which changes come back after a cutover.
    static string? WayBack(Servers servers) => servers.SlotName is { } slot ? $"{slot}_back" : null;
}
