namespace PgBaton.Preflight;

/// <summary>Who runs each server, as its own signs say; and what has hurt others there.</summary>
sealed class WhereAtHome() : Check("PB1017", "server", "Who runs the servers?", "neither server shows the signs of a provider", needs: Needs.None)
{
    protected override IEnumerable<Finding> Look(Servers servers)
        => servers.All.Where(server => server.Provider != Providers.Home.SelfHosted).Select(Describe);

    Finding Describe(CheckedServer server)
    {
        var region = server.Provider.RegionOf(server.Signs) is { } known ? $" ({known})" : "";
        return Notice(
            $"the {server.Side} is at {server.Provider.Name}{region}",
            server.Provider.Traps.Count > 0 ? string.Join(" ", server.Provider.Traps) : null, about: server.Server.Address);
    }
}
