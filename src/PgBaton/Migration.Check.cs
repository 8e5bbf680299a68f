using PgBaton.Postgres;
using PgBaton.Preflight;

namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>
    /// Asks every preflight question and changes nothing. Needs no journal. Without a target (an empty <see cref="MigrationOptions.Target"/>),
    /// or with one server that does not answer, the questions of the other are still asked.
    /// </summary>
    /// <exception cref="MigrationException">
    /// PB0001, PB0002: a connection string cannot be read, or there is none for the source. PB0101 to PB0112: no server can be reached.
    /// </exception>
    public static async Task<CheckReport> CheckAsync(MigrationOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var from = ConnectionString.Parse(Side.Source, options.Source ?? throw Errors.MissingConnectionString(Side.Source));
        var to = string.IsNullOrEmpty(options.Target) ? null : ConnectionString.Parse(Side.Target, options.Target);
        var connecting = (Source: TryConnectAsync(Side.Source, from, ct), Target: TryConnectAsync(Side.Target, to, ct));
        var (source, sourceFailure) = await connecting.Source;
        var (target, targetFailure) = await connecting.Target;

        if (source is null && target is null)
            throw targetFailure is null ? sourceFailure! : Errors.NeitherAnswers(sourceFailure!, targetFailure); // Nobody can be asked anything.

        var unreachable = new[] { sourceFailure, targetFailure }.OfType<MigrationException>().ToList();
        await using var servers = await Servers.GatherAsync(options, source, target, unreachable, [.. from.Warnings, .. to?.Warnings ?? []], ct);
        var findings = new List<Finding>();
        await CheckServers.AskAsync(servers, findings.Add, ct);
        return new CheckReport(findings);
    }

    static async Task<(Server? Server, MigrationException? Failure)> TryConnectAsync(Side side, ConnectionString? connectionString, CancellationToken ct)
    {
        try
        {
            return (connectionString is null ? null : await Server.ConnectAsync(side, connectionString, ct), null);
        }
        catch (MigrationException failure)
        {
            return (null, failure);
        }
    }
}
