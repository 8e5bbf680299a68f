using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgBaton.Web;

/// <summary>A word that was said here, and what came of it.</summary>
/// <param name="Number">From 1, in the order they were said in this process.</param>
/// <param name="Name">verify, cutover …; rehearsal for a cutover that is only rehearsed.</param>
/// <param name="Arguments">What went with it.</param>
/// <param name="At">When it was said.</param>
/// <param name="Answer">Does not fail: what went wrong is in it.</param>
sealed record SaidWord(int Number, string Name, WordArguments Arguments, DateTimeOffset At, Task<WordOutcome> Answer)
{
    public JsonObject ToJson()
    {
        var outcome = Answer.IsCompletedSuccessfully ? Answer.Result : null;
        return new JsonObject
        {
            ["number"] = Number,
            ["word"] = Name,
            ["at"] = At.UtcDateTime.ToString("O"),
            ["max_downtime_seconds"] = Name is "cutover" or "rollback" ? Arguments.MaxDowntimeSeconds : null,
            ["no_reverse"] = Name == "cutover" ? Arguments.NoReverse : null,
            ["max_rate"] = Arguments.MaxRate,
            ["is_done"] = outcome is not null,
            ["outcome"] = outcome is null ? null : JsonSerializer.SerializeToNode(outcome, JsonForm.Of<WordOutcome>()),
        };
    }
}
