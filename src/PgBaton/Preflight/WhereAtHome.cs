using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Who runs each server, as its own signs say; and what has hurt others there.</summary>
sealed class WhereAtHome() : Check("PB1017", "server", "Who runs the servers?", "neither server shows the signs of a provider")
{
    public override Needs Needs => Needs.None;

    protected override IEnumerable<Finding> Look(Servers servers)
        => new[] { servers.Has(Needs.Source) ? servers.Source : null, servers.Has(Needs.Target) ? servers.Target : null }
            .OfType<CheckedServer>().Where(server => server.Provider != Providers.Home.SelfHosted).Select(Describe);

    Finding Describe(CheckedServer server)
    {
        var side = server.Server.Side == Side.Source ? "source" : "target";
        var region = server.Provider.RegionOf(server.Signs) is { } known ? $" ({known})" : "";
        return Notice(
            $"the {side} is at {server.Provider.Name}{region}",
            server.Provider.Traps.Count > 0 ? string.Join(" ", server.Provider.Traps) : null, about: server.Server.Address);
    }
}
