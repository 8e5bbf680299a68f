using PgBaton.Postgres;
using PgBaton.Providers;
using PgBaton.Runbook;

namespace PgBaton.Cli.Views;

/// <summary>What the application connects to from now on; without the password.</summary>
/// <param name="Direct">As it was given for the migration.</param>
/// <param name="Pooled">The provider's pooler in front of it; null where none is known.</param>
sealed record NewConnection(string Direct, string? Pooled)
{
    public static NewConnection Of(Side side, string text)
    {
        var given = ConnectionString.Parse(side, text);
        var settings = given.Settings[0];
        var direct = PlanServer.Of(side.ToString(), given, settings.Host!).Uri;
        var signs = new ServerSigns(settings.Host!, settings.Port, settings.Username ?? "", settings.Database ?? "", new HashSet<string>(), IsSuperuser: false);
        return new(direct, Home.Of(signs).PooledInsteadOf(signs) is var (host, port) ? new UriBuilder(direct) { Host = host, Port = port }.Uri.AbsoluteUri : null);
    }

    public IEnumerable<string> Lines
        =>
        [
            $"The application connects to {Direct}",
            .. (Pooled is null ? (string[])[] : [$"or, through the provider's pooler, to {Pooled}"]),
        ];
}
