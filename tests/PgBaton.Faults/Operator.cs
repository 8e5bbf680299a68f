using System.Text.Json;
using PgBaton.Faults.Application;

namespace PgBaton.Faults;

/// <summary>
/// Watches an engine and says what a human operator would: cutover as soon as it is in sync, finish as soon as the target is open.
/// </summary>
sealed class Operator(Scene scene)
{
    Probe.Excuse? _announced;
    EngineProcess? _attended;
    bool _isInSync, _areServersOn, _isProven;

    /// <summary>Everything the engines have reported, for a failure's message.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>The servers are to have carried changes before the cutover.</summary>
    public bool WaitsForServers { get; init; }

    /// <summary>In sync is as far as it goes.</summary>
    public bool StaysInSync { get; set; }

    /// <summary>Reads until the process ends or an event is what the test waits for; true in the second case.</summary>
    public async Task<bool> AttendAsync(EngineProcess engine, Func<JsonElement, bool>? until = null)
    {
        _isInSync &= engine == _attended; // It is said once.
        _attended = engine;
        var found = await engine.WaitForAsync(happened =>
        {
            HearAsync(happened).GetAwaiter().GetResult();
            return until?.Invoke(happened) ?? false;
        });
        if (found is null)
            EndAnnouncement();
        return found is not null;
    }

    /// <summary>Attends one engine after the other until one of them ends by itself, and returns its exit code and errors.</summary>
    public async Task<(int ExitCode, string Errors)> FinishAsync(EngineProcess engine)
    {
        await AttendAsync(engine);
        return await engine.EndAsync();
    }

    async Task HearAsync(JsonElement happened)
    {
        var name = happened.GetProperty("event").GetString()!;
        if (name is not ("lag" or "progress" or "finding"))
            Heard.Add(happened.GetRawText());
        var step = name is "step_started" ? happened.GetProperty("step").GetString() : null;
        if (step == "fence")
            _announced ??= scene.Probe.Announce();
        if (name is "fence_lifted")
            EndAnnouncement();
        if (name is "handed_over")
            _areServersOn = happened.GetProperty("via").GetString() == "subscription";
        if (name is "in_sync" && (_areServersOn || !WaitsForServers))
            scene.Watch.IsInStep = _isInSync = true;
        if (_isInSync && !StaysInSync && name is "in_sync" or "lag" or "fence_lifted")
            await scene.SayAsync("cutover");
        if (step is "return")
        {
            _isInSync = false;
            await scene.ProveEqualAsync();
            _isProven = true;
        }

        if (_isProven && (step is "return" || name is "lag")) // Again and again: the target may have been away.
            await scene.SayAsync("finish");
    }

    void EndAnnouncement()
    {
        _announced?.Dispose();
        _announced = null;
    }
}
