using System.Globalization;
using System.Text.Json;

namespace PgBaton.Status;

/// <summary>What follows from the facts: state, writer, lag, and the command to type next. Pure.</summary>
static class Judgement
{
    // Heartbeats leave every 10 s and have to come back within 5 s: older than this, the newest one did not.
    static readonly TimeSpan _inSync = TimeSpan.FromSeconds(15);

    // Before that, what has come says nothing about the pace.
    const double LeastSeconds = 3;

    // About what a busy source writes between two answers of a subscription.
    const long InStepBytes = 1 << 20;

    public static MigrationStatus Of(JournalFacts journal, SideFacts source)
    {
        var step = Migration.Steps.FirstOrDefault(s => !journal.Done.Contains(s.Name))?.Name;
        var writer = Writer(journal, source, step);
        var subscription = journal.IsBack ? source.Subscription : journal.Subscription;
        var stalled = Stalled(journal, source, subscription);
        var error = ErrorOf(journal) ?? stalled;
        var state = State(journal, source, step, writer);
        return new MigrationStatus(
            journal.Name, state, step, writer, journal.Engine, journal.IsOffline ? "offline" : subscription is null ? "relay" : "subscription", Paused: journal.Paused is not null, LagOf(journal, source),
            SlotOf(journal, journal.IsBack ? journal.Target : source),
            journal.Tables, CopyOf(journal), SchemaOf(journal), Blockers: null, error, journal.Word, journal.Refused, Downtime(journal),
            journal.SourceAddress, journal.TargetAddress, source.Error,
            Next(journal, state, WasInSync(journal, step, error), isRunning: journal.Engine is not null || (subscription is { IsEnabled: true } && stalled is null)),
            SafeToClose: state != "fenced" && (journal.Held is null || state != "copying"))
        {
            HasWayBack = writer == "target" ? journal is { IsBack: true, WayBack: null } : null,
            StaysReadOnly = writer == "target" ? journal.IsSourceReadOnly : null,
        };
    }

    static string? Next(JournalFacts journal, string state, bool wasInSync, bool isRunning)
        => journal.Paused is not null ? "pgbaton resume"
            : state == "copied" && journal.Held is null ? "pgbaton cutover"
            : NextCommand.For(
                state, journal.Tables, wasInSync, isRunning, differs: journal.Refused is { Error.Code: "PB0601" or "PB0606" or "PB0609" },
                hasWayBack: journal is { IsBack: true, WayBack: null });

    static SchemaStatus? SchemaOf(JournalFacts journal)
        => journal.Schema is null ? null : SchemaStatusText.Read(journal.Schema);

    static string State(JournalFacts journal, SideFacts source, string? step, string writer)
    {
        if (step is null or "clean")
            return "finished";
        if (writer == "target" && step is "return")
            return "on-target";
        if (step == "follow" && journal.IsOffline)
            return "copied";
        if (step == "follow" && journal.Writer == "source")
            return "rolled-back";
        if (journal is { Engine: null, Subscription: { } carrier } && step == "follow" && !HasStopped(carrier, source.Slot))
            return IsInStep(source) ? "in-sync" : "catching-up";
        if (journal.Engine is null)
            return step == "follow" && journal.Subscription is null && IsInSync(journal) ? "in-sync" : "stopped";
        return step switch
        {
            "check" or "slot" => "checking",
            "pre-data" or "copy" or "post-data" => "copying",
            "follow" => IsInSync(journal) ? "in-sync" : "catching-up",
            "fence" or "sequences" or "reverse" or "open" => journal.Begun.Contains(step) || step != "fence" ? "fenced" : "in-sync",
            _ => "on-target",
        };
    }

    // What a server says beats what was written down about it.
    static string Writer(JournalFacts journal, SideFacts source, string? step)
    {
        if (journal.IsBack)
            return journal.Target.Gate switch { GateState.Closed => "source", GateState.Fenced => "none", _ => "target" };
        if (source.Gate is { } gate)
            return gate switch { GateState.Closed => "target", GateState.Fenced => "none", _ => "source" };
        if (journal.Writer is { } decided && (decided == "target" || !IsFenced(step)))
            return decided;
        if (IsFenced(step))
            return journal.Engine is null ? "unknown" : "none"; // Without an engine: before or after the decision, only the source can tell.
        return step is "return" or "clean" or null ? "target" : journal.Held is not null ? "none" : "source";
    }

    static bool IsFenced(string? step) => step is "fence" or "sequences" or "reverse" or "open";

    // With an error, whatever it was, the run itself has to get past it first.
    static bool WasInSync(JournalFacts journal, string? step, ErrorReport? error) => step == "follow" && journal.InSyncAt is not null && error is null;

    static bool IsInSync(JournalFacts journal) => Time(journal.InSyncAt) is { } at && journal.Now - at < _inSync;

    // Nobody sends heartbeats: what the source has written, and what the subscription has acknowledged.
    static bool IsInStep(SideFacts source)
        => source is { Lsn: { } written, Slot: { IsActive: true, ConfirmedFlushLsn: { } confirmed } } && (long)((ulong)written - (ulong)confirmed) < InStepBytes;

    // Between two tries the slot has no reader.
    static bool HasStopped(Postgres.LogicalSubscription subscription, Postgres.ReplicationSlot? slot)
        => !subscription.IsEnabled || (subscription.ErrorCount > 0 && slot is { IsActive: false });

    static ErrorReport? Stalled(JournalFacts journal, SideFacts source, Postgres.LogicalSubscription? subscription)
        => journal.Engine is null && subscription is not null && HasStopped(subscription, (journal.IsBack ? journal.Target : source).Slot)
            ? ErrorReport.Of(Errors.SubscriptionStopped(journal.IsBack ? Postgres.Side.Source : Postgres.Side.Target, PgBaton.Direction.SlotNameOf(journal.Name, journal.IsBack))) : null;

    static DateTimeOffset? Time(string? fact)
        => DateTimeOffset.TryParse(fact, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    static LagStatus? LagOf(JournalFacts journal, SideFacts source)
    {
        if (journal is { IsBack: true, WayBack: not null } or { IsBack: false, Writer: "target" })
            return null; // Nothing carries changes.
        var publisher = journal.IsBack ? journal.Target : source;
        // The position of our own stream stands where the servers took over.
        var known = new[] { journal.IsBack ? source.AppliedLsn : journal.AppliedLsn, (journal.IsBack ? source.Subscription : journal.Subscription) is null ? null : publisher.Slot?.ConfirmedFlushLsn }.Max();
        if (known is not { } applied || applied == default)
            return null;
        long? bytes = publisher.Lsn is { } written ? Math.Max(0, (long)((ulong)written - (ulong)applied)) : null;
        var newest = new[] { journal.IsBack ? source.CommittedAt : journal.CommittedAt, Time(journal.HeartbeatAt) }.Max();
        double? seconds = bytes == 0 ? 0 : newest is { } at ? Math.Max(0, Math.Round((journal.Now - at).TotalSeconds, 3)) : null;
        var trend = publisher is { Lsn: { } now, Slot.ConfirmedFlushLsn: { } acknowledged } ? journal.WalSeen?.Trend(journal.IsBack ? "target" : "source", now, acknowledged) : null;
        return new LagStatus(
            bytes, seconds, publisher.Slot?.ConfirmedFlushLsn?.ToString(), applied.ToString(), publisher.Lsn?.ToString(), Time(journal.HeartbeatAt),
            trend is { } slope ? Math.Round(slope) : null, bytes == 0 ? 0 : trend < 0 ? Math.Round((double)(bytes / -trend)!, 1) : null);
    }

    static SlotStatus? SlotOf(JournalFacts journal, SideFacts publisher)
    {
        if (publisher.Slot is not { } slot)
            return null;
        // The operator's limit counts until the cutover.
        long? ours = journal is { IsBack: false, MaxSlotWal: { } limit } && slot.RetainedBytes is { } kept ? Math.Max(0, limit - kept) : null;
        var safe = new[] { slot.SafeBytes, ours }.Min();
        var rate = publisher.Lsn is { } written ? journal.WalSeen?.BytesPerSecond(journal.IsBack ? "target" : "source", written) : null;
        double? lost = safe is not null && rate is > 0 ? Math.Round(safe.Value / rate.Value) : null;
        return new SlotStatus(slot.Name, slot.IsActive, slot.WalStatus, slot.RetainedBytes, safe, lost);
    }

    static CopyStatus CopyOf(JournalFacts journal)
    {
        var left = journal.BytesTotal - journal.BytesDone;
        double? eta = journal is { Engine: not null, Paused: null, CopyingForSeconds: >= LeastSeconds and { } seconds, BytesOfThisRun: > 0 }
            ? Math.Round(left * seconds / journal.BytesOfThisRun, 1) : null;
        return new CopyStatus(journal.BytesDone, journal.BytesTotal, eta) { Building = journal.Building };
    }

    static double? Downtime(JournalFacts journal)
        => double.TryParse(journal.DowntimeSeconds, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    static ErrorReport? ErrorOf(JournalFacts journal)
        => journal.LastError is null ? null : JsonSerializer.Deserialize(journal.LastError, PgBatonJson.Default.ErrorReport);
}
