using PgBaton.Postgres;
using PgBaton.Preflight;
using PgBaton.Runbook;

namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>What a migration will take, and the way by hand. Changes nothing; the target may be left out (an empty string).</summary>
    /// <exception cref="MigrationException">PB0001, PB0002: a connection string. PB0101 to PB0115: a server that was given cannot be reached.</exception>
    public static async Task<MigrationPlan> PlanAsync(MigrationOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var from = ConnectionString.Parse(Side.Source, options.Source ?? throw Errors.MissingConnectionString(Side.Source));
        var to = string.IsNullOrEmpty(options.Target) ? null : ConnectionString.Parse(Side.Target, options.Target);
        var source = await Server.ConnectAsync(Side.Source, from, ct);
        var target = to is null ? null : await Server.ConnectAsync(Side.Target, to, ct);
        await using var servers = await Servers.GatherAsync(options, source, target, [], [.. from.Warnings, .. to?.Warnings ?? []], ct);
        var findings = new List<Finding>();
        await CheckServers.AskAsync(servers, findings.Add, ct);
        var facts = await PlanFacts.ReadAsync(servers, from, to, ct);
        return new MigrationPlan(
            from.Display, to?.Display, await Estimate.MakeAsync(servers, facts, ct),
            [.. facts.Tables.OrderByDescending(table => table.Bytes).Select(table => new PlannedTable(table.QualifiedName, table.Bytes, table.HasIdentity))],
            [.. findings.Where(IsToDecide).OrderByDescending(finding => finding.Severity)],
            WithPgbaton.Steps(facts), ByHand.Steps(facts), await LeastRights.ListAsync(servers, facts, ct), facts.Addresses);
    }

    // Of objects, what is done about them is worth knowing, too, even if nobody has to choose.
    static bool IsToDecide(Finding finding)
        => finding.Severity >= Severity.Warning || (finding.Severity == Severity.Notice && finding.Group is "schema" or "data" or "extensions");
}
