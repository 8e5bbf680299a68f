using PgBaton.Cli.Views;
using PgBaton.Evidence;

namespace PgBaton.Cli.Report;

/// <summary>One time that a step was run: a step that was broken off, or is on both ways, was run more than once.</summary>
/// <param name="Step">Its name in the table of steps.</param>
/// <param name="Summary">The operator's sentence for it.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended, or the next run began; of what goes on, when the report was written.</param>
/// <param name="Told">How long, and how it ended.</param>
sealed record StepRun(string Step, string Summary, DateTimeOffset From, DateTimeOffset To, string Told)
{
    /// <summary>In their order, as the events have them.</summary>
    public static IReadOnlyList<StepRun> Of(MigrationReport report)
    {
        var runs = new List<StepRun>();
        (StepStarted Started, DateTimeOffset At)? open = null;
        (StepStarted? Started, DateTimeOffset? Resumed) held = default;
        foreach (var (at, _, happened) in report.Events)
        {
            if (happened is StepStarted started)
            {
                if (open?.At != held.Resumed || open?.Started.Step != started.Step) // After a pause a copy begins again, a stream goes on: either is one run.
                    End(at, ", broken off");
                open = (started, at);
            }
            else if (happened is Notice { Message: var pause } && pause.StartsWith("paused: ", StringComparison.Ordinal))
            {
                held = (open?.Started, null);
                End(at, ", then paused");
            }
            else if (happened is Notice { Message: "resumed" } && held.Started is { } again)
                (open, held) = ((again, at), (null, at));
            else if (happened is StepDone done && done.Step == open?.Started.Step)
                End(at, "");
            else if (happened is StepUndone undone && undone.Step == open?.Started.Step)
                End(at, ", taken back");
        }

        End(report.At, report.Status.State switch { "finished" => ", then finished", "aborted" => ", given up", _ => ", not done" });
        return runs;

        void End(DateTimeOffset at, string how)
        {
            if (open is { } run)
                runs.Add(new StepRun(run.Started.Step, run.Started.Summary, run.At, at, $"{Say.Duration(at - run.At)}{how}"));
            open = null;
        }
    }
}
