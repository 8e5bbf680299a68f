using PgBaton.Subscription;

namespace PgBaton;

public sealed partial class Migration
{
    TimeSpan _heldFor; // Of the step that is under way.

    // While "pause" holds, neither copy nor stream runs, and no word is carried out but "resume" and "abort". True: what this process was started for is reached.
    async Task<bool> RestAsync(CancellationToken ct)
    {
        var begun = Time.GetTimestamp();
        try
        {
            return await RestUntilResumedAsync(ct);
        }
        finally
        {
            _heldFor += Time.GetElapsedTime(begun); // Moments, where there is no pause.
        }
    }

    async Task<bool> RestUntilResumedAsync(CancellationToken ct)
    {
        while (true)
        {
            if (new[] { await Journal.FindWordAsync("pause", ct), await Journal.FindWordAsync("resume", ct) }.OfType<Word>().MinBy(said => said.Id) is { } word)
            {
                await AnswerPauseAsync(word, ct);
                if (word.Id == Goal.WordId)
                    return true;
                continue;
            }

            if (await Journal.GetFactAsync(Fact.Paused, ct) is null || await Journal.FindWordAsync("abort", ct) is not null)
                return false;
            if (await Journal.NextWordAsync(ct) is { Name: not ("pause" or "resume" or "abort") } other) // An abort may have come since it was looked for.
                await Journal.EndWordAsync(other, ExitCode.Blocked, Errors.WordRefused(other.Name, "the migration is paused; \"pgbaton resume\" lets it go on"), ct);
            if (Goal.WordId is not null && await Journal.NextWordAsync(ct) is null)
                return true; // Its word was refused.
            await (_slotWatch?.MustGoOnAsync() ?? Task.CompletedTask);
            await Task.Delay(_wordInterval, Time, ct);
        }
    }

    async Task AnswerPauseAsync(Word word, CancellationToken ct)
    {
        var isPaused = await Journal.GetFactAsync(Fact.Paused, ct) is not null;
        if (word.Name == "pause" && !isPaused)
        {
            await StopRelayAsync();
            await TakeBack.RunAsync(this, ct);
            await StopVerifyingForPauseAsync(ct);
            await Journal.SetFactAsync(Fact.Paused, "true", ct);
            Report(new Paused(Direction.Publisher.Name, Lane.Of(Options).Follows));
        }
        else if (word.Name == "resume" && isPaused)
        {
            await Journal.SetFactAsync(Fact.Paused, null, ct);
            Report(new Resumed());
        }

        await Journal.EndWordAsync(word, ExitCode.Done, null, ct);
    }

    // It was interrupted by then, as everything else; whoever said it is told so.
    async Task StopVerifyingForPauseAsync(CancellationToken ct)
    {
        if (UnderWay(await Journal.ListWordsAsync(ct)) is not { Name: "verify" } verify)
            return;
        await Journal.EndWordAsync(verify, ExitCode.Stopped, Errors.VerificationStopped("A pause was said, which does not wait for it"), ct);
        Report(new VerifyStopped("a pause was said"));
    }
}
