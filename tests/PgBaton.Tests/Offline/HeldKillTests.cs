using System.Text.Json;
using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Offline;

/// <summary>Live ledgers, a source that is held closed, and kill -9 at one moment of the way; then the same command again.</summary>
[Trait("Category", "Migration")]
[Trait("Length", "Long")]
public sealed class HeldKillTests
{
    [Theory]
    [InlineData("step_started copy", 1)]
    [InlineData("fence_set", 1)]
    [InlineData("table_copied", 1)]
    [InlineData("step_started post-data", 1)]
    [InlineData("step_started follow", 1)]
    [InlineData("step_started fence", 1)]
    [InlineData("fence_set", 2)]
    [InlineData("step_started sequences", 1)]
    [InlineData("step_started open", 1)]
    [InlineData("decided", 1)]
    [InlineData("target_opened", 1)]
    [InlineData("step_started return", 1)]
    public async Task nothing_that_was_acknowledged_is_lost(string moment, int time)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(LedgerWriters.Schema);
        var isOpen = false;
        await using var writers = new LedgerWriters(source, target, clients: 2) { MayMove = () => isOpen }.Start();
        await writers.AdvanceAsync(10);
        var isKilled = await RunAsync(source, target, line => Is(line, moment) && --time == 0, () => isOpen = true);
        Assert.True(isKilled, $"{moment} never came");
        Assert.False(await RunAsync(source, target, _ => false, () => isOpen = true));

        isOpen = true;
        await writers.AdvanceAsync(10);
        await writers.StopAsync();
        await writers.MustBeOnAsync(target);
    }

    // A process that does as it is told until the target is the writer and it has nothing more to do, or until the moment at which it is killed.
    static async Task<bool> RunAsync(TestDatabase source, TestDatabase target, Func<JsonElement, bool> isMoment, Action opened)
    {
        using var engine = EngineProcess.Start(source.Uri, target.Uri, "--offline", "--fence-first");
        Task<WordOutcome>? saying = null;
        var isKilled = false;
        while (await engine.WaitForAsync(_ => true) is { } line)
        {
            if (EngineProcess.Is(line, "target_opened"))
                opened();
            if (isMoment(line))
            {
                await engine.KillAsync();
                isKilled = true;
                break;
            }

            if (EngineProcess.IsStepStarted(line, "follow"))
                saying = CutOverAsync(source, target);
            if (EngineProcess.IsStepStarted(line, "return"))
                break;
        }

        // Whoever asked becomes the engine where there is none, and carries on.
        if (saying is not null && (await saying).ExitCode == 0)
            opened();
        return isKilled;
    }

    static async Task<WordOutcome> CutOverAsync(TestDatabase source, TestDatabase target)
    {
        await using var migration = Migration.Open(Checked.Options(source.Uri, target.Uri));
        return await migration.SayAsync("cutover", new WordArguments { MaxDowntimeSeconds = 120 }).WaitAsync(TimeSpan.FromMinutes(3));
    }

    static bool Is(JsonElement line, string moment)
        => moment.StartsWith("step_started ", StringComparison.Ordinal) ? EngineProcess.IsStepStarted(line, moment[13..]) : EngineProcess.Is(line, moment);
}
