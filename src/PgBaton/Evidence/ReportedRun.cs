namespace PgBaton.Evidence;

/// <summary>One time that a step was run: a step that was broken off, held by a pause, or is on both ways, was run more than once.</summary>
/// <param name="Step">Its name in the table of steps.</param>
/// <param name="Summary">The operator's sentence for it.</param>
/// <param name="StartedAt">When it began, or went on after a pause.</param>
/// <param name="EndedAt">When it ended, or the next run began; of what goes on, when the report was written.</param>
/// <param name="Ending">How.</param>
/// <param name="Code">Of the error that broke it off; null where there was none, or nobody could write it down.</param>
public sealed record ReportedRun(string Step, string Summary, DateTimeOffset StartedAt, DateTimeOffset EndedAt, RunEnding Ending, string? Code)
{
    /// <summary>In their order, as the events have them.</summary>
    internal static IReadOnlyList<ReportedRun> Of(MigrationReport report)
    {
        var runs = new List<ReportedRun>();
        (StepStarted Started, DateTimeOffset At)? open = null;
        (StepStarted? Started, DateTimeOffset? Resumed) held = default;
        foreach (var (at, _, happened) in report.Events)
        {
            if (happened is StepStarted started)
            {
                if (open?.At != held.Resumed || open?.Started.Step != started.Step) // After a pause a copy begins again, a stream goes on: either is one run.
                    End(at, RunEnding.BrokenOff);
                open = (started, at);
            }
            else if (happened is Stopped stopped)
                End(at, RunEnding.BrokenOff, stopped.Code);
            else if (happened is Paused)
            {
                held = (open?.Started, null);
                End(at, RunEnding.Paused);
            }
            else if (happened is Resumed && held.Started is { } again)
                (open, held) = ((again, at), (null, at));
            else if (happened is StepDone done && done.Step == open?.Started.Step)
                End(at, RunEnding.Done);
            else if (happened is StepUndone undone && undone.Step == open?.Started.Step)
                End(at, RunEnding.Undone);
        }

        End(report.At, report.Status.State switch { "finished" => RunEnding.Finished, "aborted" => RunEnding.GivenUp, _ => RunEnding.GoesOn });
        return runs;

        void End(DateTimeOffset at, RunEnding how, string? code = null)
        {
            if (open is { } run)
                runs.Add(new ReportedRun(run.Started.Step, run.Started.Summary, run.At, at, how, code));
            open = null;
        }
    }
}

/// <summary>How a run of a step ended.</summary>
public enum RunEnding
{
    /// <summary>The step is done.</summary>
    Done,

    /// <summary>By an error, the end of the process, or another number of connections: it was begun again.</summary>
    BrokenOff,

    /// <summary>Somebody said pause.</summary>
    Paused,

    /// <summary>The fence was lifted.</summary>
    Undone,

    /// <summary>The migration was finished while it ran.</summary>
    Finished,

    /// <summary>The migration was aborted while it ran.</summary>
    GivenUp,

    /// <summary>It had not ended when the report was written.</summary>
    GoesOn,
}
