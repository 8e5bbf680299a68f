using PgBaton.Providers;

namespace PgBaton.Preflight;

/// <summary>By what hosts and servers tell; where nothing is told, that is said.</summary>
sealed class SameRegion() : Check("PB1004", "network", "Are the servers in the same region?", "nothing tells in which regions the servers are", needs: Needs.Both)
{
    protected override IEnumerable<Finding> Look(Servers servers)
        => (RegionOf(servers.Source), RegionOf(servers.Target)) switch
        {
            ({ } here, { } there) when here == there => [Fine($"both servers are in {here}")],
            ({ } here, { } there) when Places.Of(here) is { } place && place == Places.Of(there) =>
            [
                Notice(
                    $"the source is in {here}, the target in {there}: both in {place}, in different clouds", "They are near each other; but what goes from one cloud to the other is paid for.",
                    "Nothing has to be done. If the application stays where it is, so does its share of that traffic."),
            ],
            ({ } here, { } there) =>
            [
                Notice(
                    $"the source is in {here}, the target in {there}",
                    "Every batch of changes waits for the way there and back, the application's queries too after the cutover, and traffic between regions is paid for.",
                    "Make the target in the source's region if there is a choice; run pgbaton next to the target."),
            ],
            ({ } here, null) => [Fine($"the source is in {here}; nothing tells where the target is")],
            (null, { } there) => [Fine($"the target is in {there}; nothing tells where the source is")],
            _ => [],
        };

    static string? RegionOf(CheckedServer server) => server.Provider.RegionOf(server.Signs) is { } region ? Places.CloudOf(region) : null;
}
