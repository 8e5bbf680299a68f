namespace PgBaton.Onlookers;

/// <summary>Which events are an occasion to tell somebody who is not looking.</summary>
/// <param name="source">As <see cref="Occasion.Source"/>.</param>
/// <param name="target">As <see cref="Occasion.Target"/>.</param>
/// <param name="longestLag">Longer is told, once, until it is half of that again.</param>
/// <param name="time">The clock.</param>
sealed class Occasions(string? source, string? target, TimeSpan longestLag, TimeProvider time)
{
    bool _isLate;

    /// <summary>Null: it is none.</summary>
    public Occasion? Of(MigrationEvent happened) => happened switch
    {
        InSync => New("in_sync", "the target is in step with the source"),
        TargetOpened opened => New("opened", $"the target is the writer; nobody could write for {opened.DowntimeSeconds:0.00} s"),
        SourceOpened opened => New("opened", $"the source is the writer; nobody could write for {opened.DowntimeSeconds:0.00} s"),
        FenceLifted { Seconds: > 0 } lifted => New("fence_lifted", $"the writers carry on after {lifted.Seconds:0.00} s: {lifted.Reason}"),
        StepDone { Step: "clean" } => New("finished", "the migration is finished"),
        Warning { Code: "PB0522" } warning => New("slot_at_risk", warning.Message, warning.Code, warning.Hint),
        LagMeasured lag => OfLag(lag),
        _ => null,
    };

    /// <summary>No process runs the migration any more, because of this.</summary>
    public Occasion OfFailure(Exception failure)
    {
        var error = ErrorReport.Of(failure as MigrationException);
        return New("stopped", $"stopped: {error?.Message ?? failure.Message}", error?.Code, error?.Hint);
    }

    Occasion? OfLag(LagMeasured lag)
    {
        var wasLate = _isLate;
        _isLate = lag.Seconds >= longestLag.TotalSeconds / (wasLate ? 2 : 1);
        return (wasLate, _isLate) switch
        {
            (false, true) => New("lag", $"{lag.Seconds:0} s behind, {lag.Bytes >> 20} MB of WAL"),
            (true, false) => New("caught_up", $"{lag.Seconds:0} s behind"),
            _ => null,
        };
    }

    Occasion New(string kind, string text, string? code = null, string? hint = null)
        => new(1, time.GetUtcNow(), kind, Secrets.Remove($"pgbaton, {source ?? "…"} → {target}: {text}"), source, target, code, Secrets.Remove(hint));
}
