using System.Text.Json.Nodes;
using PgBaton.Evidence;

namespace PgBaton.Web;

/// <summary>How a migration came to its end, as far as this process knows.</summary>
/// <param name="State">finished or aborted; ended: the journal went away, and nobody here knows how.</param>
/// <param name="Writer">Who it was when it was last seen.</param>
/// <param name="DowntimeSeconds">Of the newest move of the writers.</param>
/// <param name="Report">As it was before the journal was dropped; null if another process dropped it.</param>
/// <param name="At">When it ended, or was seen to have.</param>
/// <param name="IsSourceUnlocked">finish: the old source may be written again; null if that was not said here.</param>
sealed record Ending(string State, string? Writer, double? DowntimeSeconds, MigrationReport? Report, DateTimeOffset At, bool? IsSourceUnlocked = null)
{
    public static Ending Of(MigrationReport report, string state, DateTimeOffset at, bool? isSourceUnlocked)
    {
        var status = report.Status with { State = state, Next = null };
        return new Ending(state, status.Writer, status.DowntimeSeconds, report with { Status = status, At = at }, at, isSourceUnlocked | report.Status.StaysReadOnly == false);
    }

    public JsonObject ToJson() => new()
    {
        ["state"] = State,
        ["writer"] = Writer,
        ["downtime_seconds"] = DowntimeSeconds,
        ["has_report"] = Report is not null,
        ["ended_at"] = At.UtcDateTime.ToString("O"),
        ["source_unlocked"] = IsSourceUnlocked,
    };
}
