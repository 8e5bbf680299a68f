using PgBaton.Gate;
using PgBaton.Postgres;

namespace PgBaton;

public sealed partial class Migration
{
    internal async Task ConnectAsync(CancellationToken ct)
    {
        Source = await Server.ConnectAsync(Side.Source, _source ?? throw Errors.MissingConnectionString(Side.Source), ct);
        Target = await Server.ConnectAsync(Side.Target, _target, ct);
        if (Source.Identity.IsSameDatabase(Target.Identity))
            throw Errors.SameDatabase(Source.Address, Target.Address);
        await Preflight.CheckServers.BeforeJournalAsync(this, ct);
        Journal = await Journal.TakeAsync(Target, new JournalHeader(Source, Target, Options), mayCreate: Goal.WordId is null && !_hasBegun, ct);
        Options = await Journal.TakeTurnAsync(c => JournalHeader.ReadScopeAsync(c, ct), ct) is { } scope ? scope.ApplyTo(Options) : Options;
        if (Goal == Goal.InSync && Lane.Of(Options).LosesWrites)
            throw Errors.NothingFollowed();
        var forward = new Direction(Source, Target, Journal.Name);
        Direction = await Journal.GetFactAsync(Fact.Direction, ct) == "back" ? forward.Opposite : forward;
        _events = new EventJournal(Journal, Time);
        await GateToken.RenewAsync(this, ct);
        if (!_hasBegun && Options.Via is { } via)
            await Journal.SetFactAsync(Fact.Via, via == Via.Subscription ? Fact.Subscription : null, ct);
        if (!_hasBegun)
            await EndLeftWordsAsync(ct);
        _hasBegun = true;
    }

    // Not in a second try of the same process, whose words they still are; nor when it is decided: then the answer is on its way.
    async Task EndLeftWordsAsync(CancellationToken ct)
    {
        if (await Decision.IsMadeAsync(this, ct))
            return;
        foreach (var word in await Journal.TakeTurnAsync(c => Word.EndLeftAsync(c, Goal.WordId, ct), ct))
            Report(new Warning("PB0212", $"{word} was said to a process that ended over it, and nobody waits for it any more: it is not done", $"Say it again if it is still wanted: pgbaton {word}"));
    }

    // Where the journal says to go on. What was cut off inside the fence goes back, unless the decision had been made.
    async Task<Step?> FirstAsync(CancellationToken ct)
    {
        foreach (var step in Steps)
        {
            if (await Journal.IsDoneAsync(step.Name, ct))
                continue;
            if (!step.IsFenced || await Decision.IsMadeAsync(this, ct))
                return step;
            return await UndoFenceAsync(step, ct);
        }

        return null;
    }
}
