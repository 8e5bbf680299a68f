using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Views;

/// <summary>A status as a few lines for people. What is not known is left out. Pure.</summary>
static class StatusText
{
    public static IEnumerable<string> Of(MigrationStatus status)
    {
        if (status.State == "none")
            return [Line("state", "none: there is no migration on this target"), Line("next", status.Next!)];
        return Lines(status).Where(line => line is not null)!;
    }

    static IEnumerable<string?> Lines(MigrationStatus status)
    {
        yield return Line("migration", $"{status.Name}: {status.SourceAddress} → {status.TargetAddress}");
        yield return Line("state", $"{status.State}{(status.Paused ? ", paused" : "")}{(status.Step is null ? "" : $", step {status.Step}")}{(status.Word is null ? "" : $", \"{status.Word}\" was said")}");
        yield return Line("writer", Writer(status));
        yield return Line("engine", status.Engine is { } engine ? $"process {engine.Pid} on {engine.Host}, epoch {engine.Epoch}" : "no process runs this migration");
        if (status.Via == "subscription")
            yield return Line("stream", $"carried by the servers, by a subscription{(status.LastError is { Code: "PB0524" } ? ", which does not get on" : ": no process of pgbaton has to run")}");
        if (status.Tables.Total > 0)
            yield return Line("tables", $"{Count(status.Tables.Copied)} of {Count(status.Tables.Total)} copied, {Count(status.Tables.Verified)} verified");
        yield return CopyLine(status.Copy);
        foreach (var line in SchemaLines(status.Definitions))
            yield return line;
        yield return LagLine(status.Lag);
        yield return SlotLine(status.Slot);
        if (status.DowntimeSeconds is { } downtime)
            yield return Line("downtime", Duration(downtime));
        if (status.SourceError is { } unreachable)
            yield return Line("source", $"cannot be asked: {Secrets.Remove(unreachable)}");
        foreach (var line in BlockerLines(status.Blockers ?? []))
            yield return line;
        if (status.LastError is { } error)
            yield return Line("last error", $"{error.Code}: {Secrets.Remove(error.Message)}");
        else if (status.Refused is { } refused)
            yield return Line("last answer", $"{refused.Word}: {refused.Error.Code}: {Secrets.Remove(refused.Error.Message)}");
        if (status.Next is not null)
            yield return Line("next", status.Next);
        yield return Line("safe to close", SafeToClose(status));
    }

    static string Writer(MigrationStatus status)
        => status is { Via: "offline", Writer: "none" } and not { State: "fenced" }
            ? "none: the source is held closed until the cutover (--fence-first); \"pgbaton abort\" opens it" : status.Writer;

    // A thousand tables that are not verified yet are one thing to a person.
    static IEnumerable<string> BlockerLines(IReadOnlyList<Finding> blockers)
        => blockers.GroupBy(blocker => blocker.Code).SelectMany(group => group.Count() <= 3
            ? group.Select(blocker => Line("blocker", $"{blocker.Code}: {blocker.Message}"))
            : [Line("blocker", $"{group.Key}: {group.First().Message}, and {Count(group.Count() - 1)} more like it")]);

    static string? CopyLine(CopyStatus copy)
        => copy.BytesTotal == 0 || copy.BytesDone >= copy.BytesTotal ? null
            : Line("copy", $"{Bytes(copy.BytesDone)} of {Bytes(copy.BytesTotal)} ({100.0 * copy.BytesDone / copy.BytesTotal:0} %)"
                           + (copy.EtaSeconds is { } eta ? $", {Remaining(TimeSpan.FromSeconds(Math.Min(eta, 1e9)))} left" : ""));

    static IEnumerable<string> SchemaLines(SchemaStatus? schema)
    {
        if (schema is null)
            yield break;
        var waiting = schema.Waiting > 0 ? $", {Count(schema.Waiting)} of them wait for the cutover" : "";
        yield return Line("schema", schema.NotCompared is { } reason ? $"not compared: {reason}"
            : $"{Count(schema.Compared)} objects compared{waiting}: {(schema.Differences.Count == 0 ? "equal" : $"{Count(schema.Differences.Count)} differ")}");
        foreach (var difference in schema.Differences.Take(3))
            yield return Line("", $"{difference.Object} {difference.What}");
    }

    static string? LagLine(LagStatus? lag) => lag is null ? null : Line("lag", string.Join(", ", new[]
    {
        lag.Bytes is { } bytes ? Bytes(bytes) : "bytes unknown",
        lag.Seconds is { } seconds ? $"at most {Duration(seconds)}" : null,
        TrendOf(lag),
        $"applied up to {lag.AppliedLsn}",
    }.Where(part => part is not null)));

    // Less than what one transaction makes of it is no trend.
    static string? TrendOf(LagStatus lag) => lag.TrendBytesPerSecond switch
    {
        > 10_000 and var growing => $"growing by {Bytes(growing)}/s",
        < -10_000 and var shrinking when lag.CaughtUpInSeconds is > 1 and var left => $"shrinking by {Bytes(-shrinking)}/s: caught up in {Remaining(TimeSpan.FromSeconds(Math.Min(left, 1e9)))}",
        _ => null,
    };

    static string? SlotLine(SlotStatus? slot) => slot is null ? null : Line("slot", string.Join(", ", new[]
    {
        slot.Name,
        slot.Active ? "active" : "nobody reads it",
        slot.WalStatus,
        slot.RetainedBytes is { } kept ? $"{Bytes(kept)} of WAL are kept for it" : null,
        slot.SafeBytes is { } safe ? $"lost after {Bytes(safe)} more{(slot.LostInSeconds is { } lost ? $" (unread, in {Remaining(TimeSpan.FromSeconds(Math.Min(lost, 1e9)))})" : "")}" : null,
    }.Where(part => part is not null)));

    static string SafeToClose(MigrationStatus status) => status switch
    {
        { SafeToClose: false } => "no: the writers wait for this process",
        { Engine: not null, Via: "offline", Writer: "source", State: "copying" } => "yes, but the copy then begins anew: it is of one snapshot",
        { Engine: not null, Via: "offline" } => "yes: the work is kept, the next command goes on with it",
        { Engine: not null, Writer: "source" } => "yes: the work is kept, \"pgbaton migrate\" goes on with it; the source keeps its WAL until then",
        { Engine: not null } => "yes: the work is kept, \"pgbaton migrate\" goes on with it",
        _ => "yes",
    };

    static string Line(string name, string text) => $"{name + ":",-15}{text}";
}
