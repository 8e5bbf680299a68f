namespace PgBaton;

public sealed partial class Migration
{
    // What may be taken back before a fence is set: the move of the writers that was said, or else the comparison that is under way. Returns what
    // the step has to be interrupted for: "cancel", where the move is being carried out already; "verify", where that is to end.
    async Task<Word?> CancelAsync(Step step, List<Word> words, CancellationToken ct)
    {
        var comparison = step.Name == Direction.Home ? UnderWay(words) : null;
        if (comparison?.Name == "verify" && words.Exists(IsEmergency))
            return comparison;
        if (words.Find(word => word.Name == "cancel") is not { } cancel)
            return null;
        var turn = words.Find(word => word.Name == Direction.Word);
        if (turn is not null && comparison?.Name != "verify")
            return cancel;
        if (turn is null && comparison?.Name == "verify")
            return comparison;
        await WithdrawAsync(cancel, ct); // What waits behind a comparison does not disturb it.
        return null;
    }

    // The words that a following step carries out, it takes in the order they were said.
    static Word? UnderWay(List<Word> words) => words.Find(word => word.Name is not ("abort" or "cancel" or "pause" or "resume"));

    // Who goes back does not wait for a comparison; what is not verified is verified on the way.
    static bool IsEmergency(Word word) => word is { Name: "rollback", Arguments.Rehearse: false };

    // The move of the writers was said and its fence is not set yet: it waits for the stream, or verifies. Now it will not be set.
    async Task WithdrawAsync(Word cancel, CancellationToken ct)
    {
        if (await Journal.FindWordAsync(Direction.Word, ct) is not { } turn)
        {
            await RefuseCancelAsync(cancel, ct);
            return;
        }

        await Journal.EndWordAsync(turn, ExitCode.Stopped, Errors.CutoverCancelled(wasFenced: false), ct);
        Report(new Notice($"the {turn.Name} was taken back before its fence was set"));
        await Journal.EndWordAsync(cancel, ExitCode.Done, null, ct);
    }

    // Asked once more now that the step stands still: it may have been through in the meantime.
    async Task StopVerifyingAsync(CancellationToken ct)
    {
        var words = await Journal.ListWordsAsync(ct);
        var isForRollback = words.Exists(IsEmergency);
        var stopped = words.TakeWhile(word => !IsEmergency(word)).Where(word => word.Name == "verify").ToList();
        foreach (var verify in isForRollback ? stopped : stopped.Take(1))
        {
            await Journal.EndWordAsync(verify, ExitCode.Stopped, Errors.VerificationStopped(isForRollback ? "A rollback was said, which does not wait for it" : "Somebody said so"), ct);
            Report(new VerifyStopped(isForRollback ? "a rollback was said" : "somebody said so"));
        }

        if (!isForRollback && words.Find(word => word.Name == "cancel") is { } cancel)
            await (stopped.Count > 0 ? Journal.EndWordAsync(cancel, ExitCode.Done, null, ct) : RefuseCancelAsync(cancel, ct));
    }
}
