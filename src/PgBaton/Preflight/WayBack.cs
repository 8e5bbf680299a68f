using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class WayBack() : Check(
    "PB1090", "way back", "Could the target replicate back?", "the target's wal_level is logical and our role may replicate, so there can be a way back",
    needs: Needs.Target, onlyFollowing: true)
{
    const string Consequence = "after the cutover there is no way back without losing writes", Why = "To be moved to, a target does not need it. To carry its writes back to the source, it does.";

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var (facts, server, provider) = (servers.Target.Facts, servers.Target.Server, servers.Target.Provider);
        if (facts.WalLevel != "logical")
            return [Notice($"wal_level of the target is {facts.WalLevel}: {Consequence}", Why, $"On the target, before the cutover: {provider.EnableLogicalReplication}")];
        return await server.WhyNoReplicationAsync("check", ct) is { } said
            ? [Notice($"the target gives role {Sql.Identifier(server.User)} no replication connection: {Consequence}",
                $"{Why} The server says: {said}.", $"On the target, before the cutover: {provider.GrantReplication(Sql.Identifier(server.User))}")]
            : [];
    }
}
