using System.Collections.Immutable;
using PgBaton.Copy;
using PgBaton.Cutover;
using PgBaton.Gate;
using PgBaton.Onlookers;
using PgBaton.Postgres;
using PgBaton.Preflight;
using PgBaton.Relay;
using PgBaton.Schema;
using PgBaton.Sequences;
using PgBaton.Subscription;

namespace PgBaton;

/// <summary>Hands one live database over from a source server to a target server.</summary>
public sealed partial class Migration : IAsyncDisposable
{
    /// <summary>The whole migration, top to bottom. Every other type of this library serves one of these lines.</summary>
    internal static readonly ImmutableArray<Step> Steps =
    [
        new("check", "ask both servers every preflight question; change nothing", Step.Done(CheckServers.RunAsync)),
        new("slot", "make publication and replication slot on the source", Step.Done((m, ct) => Lane.Of(m.Options).MakeSlotAsync(m, ct)),
            "drop both, put replica identities back", CreateSlot.UndoAsync),
        new("pre-data", "make schemas, types, functions and tables on the target; close its gate", Step.Done(PreData.RunAsync),
            "drop what was made", PreData.UndoAsync),
        new("copy", "copy every table, in parts, from one exported snapshot; build indexes as tables are done", Step.Done((m, ct) => Lane.Of(m.Options).CopyAsync(m, ct)),
            "empty the tables", CopyTables.UndoAsync),
        new("post-data", "build the remaining indexes, keys, foreign keys and triggers; ANALYZE", Step.Done(PostData.RunAsync)),
        new("follow", "apply the source's changes until the operator says cutover", Following.RunAsync),
        new("fence", "make the slot of the way back, close the writer's gate; apply the last changes, proven by a marker", Step.Done(SetFence.RunAsync),
            "lift the fence, drop that slot", SetFence.UndoAsync, IsFenced: true),
        new("sequences", "set every sequence of the other side", Step.Done(SetSequences.RunAsync), IsFenced: true),
        new("reverse", "start the way back exactly here, proven by a marker", Step.Done(StartReverse.RunAsync), IsFenced: true),
        new("open", "decide: the other side is the writer; enable what waited, let the writers in", Step.Done(DecideAndOpen.RunAsync), IsFenced: true),
        new("return", "apply the target's changes to the source until the operator says rollback (the fenced steps, then follow) or finish", Following.RunAsync),
        new("clean", "drop slot, publication, gates and journal", Step.Done(Clean.RunAsync)),
    ];

    readonly ConnectionString? _source;
    readonly ConnectionString _target;
    readonly Lock _relayLock = new();
    Task<RelayRun>? _relay;
    bool _hasBegun; // Before that, a server that does not answer is more likely a wrong address than a passing failure.
    bool _isEnding; // The journal is being dropped, or is.
    MigrationException? _endsWith; // What is said then; null: all is well.
    EventJournal? _events;
    SlotWatch? _slotWatch;
    Fence? _told; // That this one was lifted, has been reported.

    Migration(MigrationOptions options, ConnectionString? source, ConnectionString target)
        => (Options, _source, _target) = (options, source, target);

    /// <summary>Raised for everything that happens, on whatever thread it happens; handlers must be quick.</summary>
    public event Action<MigrationEvent>? Happened;

    /// <summary>The clock, for tests.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal MigrationOptions Options { get; private set; }
    internal Server Source { get; private set; } = null!;
    internal Server Target { get; private set; } = null!;
    internal Journal Journal { get; private set; } = null!;

    /// <summary>Which way changes go now.</summary>
    internal Direction Direction { get; private set; } = null!;
    internal Goal Goal { get; private set; } = Goal.Finished;

    /// <summary>Between <c>fence</c> and the decision: the session that keeps writers out.</summary>
    internal Fence? Fence { get; set; }

    /// <summary>Reads the connection strings; connects to nobody yet. Becoming the engine fails with PB0002 if there is none for the source.</summary>
    /// <exception cref="MigrationException">PB0001.</exception>
    public static Migration Open(MigrationOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(
            options,
            options.Source is null ? null : ConnectionString.Parse(Side.Source, options.Source),
            ConnectionString.Parse(Side.Target, options.Target))
        { Time = time ?? TimeProvider.System };
    }

    /// <summary>
    /// Becomes the engine and runs the steps that the journal does not list as done, until <paramref name="goal"/>. Failures that may pass are
    /// tried again. May be called again after any failure, in any process.
    /// </summary>
    public async Task RunAsync(Goal goal, CancellationToken ct = default)
    {
        Goal = goal;
        await using var webhook = Webhook.Of(this);
        using var trace = new RunTrace(this);
        try
        {
            await RunWithRetriesAsync(ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            webhook?.SeeFailure(failure);
            trace.SeeFailure(failure);
            throw;
        }
    }

    async Task RunWithRetriesAsync(CancellationToken ct)
    {
        var retries = new Retries(this);
        while (true)
        {
            try
            {
                if (!await HasEndedAsync(ct))
                    await RunOnceAsync(ct);
                return;
            }
            catch (Exception failure) when (_hasBegun && !ct.IsCancellationRequested && Transient.Is(failure))
            {
                await retries.WaitAsync(failure, ct);
            }
        }
    }

    /// <summary>The stream of changes, started when first asked for. It fails the caller when it has failed.</summary>
    internal async Task<RelayRun> RelayAsync(CancellationToken ct)
    {
        Task<RelayRun> starting;
        lock (_relayLock)
            starting = _relay ??= StartRelayAsync(ct);
        var relay = await starting;
        if (relay.Completion.IsCompleted)
            await relay.Completion;
        return relay;
    }

    // Wherever the servers have it, they give it back: two must never apply the same.
    async Task<RelayRun> StartRelayAsync(CancellationToken ct)
    {
        await TakeBack.RunAsync(this, ct);
        return await RelayRun.StartAsync(this, ct);
    }

    internal void Report(MigrationEvent happened)
    {
        Milestone = happened switch
        {
            StepDone done => done.Step,
            LagMeasured lag => lag.AppliedLsn,
            TableCopied or IndexBuilt or TableVerified or FenceSet or MarkerApplied or TargetOpened => happened.ToString(),
            _ => Milestone,
        };
        _events?.Add(happened);
        Happened?.Invoke(happened);
    }

    /// <summary>For what waits for others: events say for whom.</summary>
    internal Patience PatienceWith(TimeSpan limit) => new(limit, Time, sentence => Report(new Notice(sentence)));

    /// <summary>The newest thing that was achieved: two equal ones mean that there was no progress between.</summary>
    internal string? Milestone { get; private set; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => StopAsync();

    async Task RunOnceAsync(CancellationToken ct)
    {
        try
        {
            await ConnectAsync(ct);
            if (!Goal.IsWord("abort"))
                await SlotWatch.MustNotBeGivenUpAsync(this, ct);
            _slotWatch = (await SlotWatch.OpenAsync(this, ct)).Start();
            var step = await FirstAsync(ct);
            while (step is not null)
                step = await RunStepAsync(step, ct);
        }
        catch (MigrationException failure) when (Journal is not null)
        {
            await Journal.NoteAsync(failure);
            if (!Transient.Is(failure) && failure.Code != Errors.AbortSaid)
                Report(new Stopped(failure.Code, failure.Message));
            throw;
        }
        finally
        {
            await StopAsync();
        }
    }

    // Returns the step to go on with; null when there is nothing left to do for this process.
    async Task<Step?> RunStepAsync(Step step, CancellationToken ct)
    {
        Report(new StepStarted(step.Name, step.Summary));
        await Journal.StepStartedAsync(step.Name, ct);
        var started = Time.GetTimestamp();
        _heldFor = TimeSpan.Zero;
        StepResult result;
        try
        {
            result = await HeedingWordsAsync(step, ct);
        }
        catch (MigrationException said) when (said.Code == Errors.AbortSaid)
        {
            await AbortAsync(ct);
            return null;
        }
        catch (Exception failure) when (step.IsFenced)
        {
            var isTold = await LiftFenceAsync(failure); // Before anything else: writers wait for it.
            if (await Decision.IsMadeAsync(this, CancellationToken.None))
                throw;
            return await GoBackAsync(step, failure, isTold, ct);
        }

        if (result == StepResult.GoalReached)
            return null;
        var next = await AfterAsync(step, result, ct);
        Report(new StepDone(step.Name, (Time.GetElapsedTime(started) - _heldFor).TotalSeconds));
        return next;
    }

    // Writes down that the step is done, and returns the next one.
    async Task<Step?> AfterAsync(Step step, StepResult result, CancellationToken ct)
    {
        if (step == Steps[^1])
            return null; // It has dropped the journal.
        if (Fence is null) // Writers would wait for it, and there has been none since it was set.
            await Journal.SetFactAsync(Fact.LastError, null, ct);
        if (result == StepResult.Turn)
            return await StandAtAsync(Steps.First(s => s.IsFenced).Name, Direction, ct);
        var next = Steps[Steps.IndexOf(step) + 1];
        if (step.IsFenced && !next.IsFenced)
            return await TurnRoundAsync(ct);
        await Journal.StepDoneAsync(step.Name, ct);
        return next;
    }

    /// <summary>What is moved is another set of tables from now on.</summary>
    internal void Rescope(JournalScope scope) => Options = scope.ApplyTo(Options);

    /// <summary>The writers have changed sides: changes go the other way from now on.</summary>
    internal async Task<Step> TurnRoundAsync(CancellationToken ct)
    {
        await StopRelayAsync();
        var step = await StandAtAsync(Direction.Opposite.Home, Direction.Opposite, ct);
        Direction = Direction.Opposite;
        return step;
    }

    async ValueTask StopAsync()
    {
        await LiftFenceAsync(failure: null);
        await StopRelayAsync();
        if (Fence is not null)
            await Fence.DisposeAsync();
        if (_slotWatch is not null)
            await _slotWatch.DisposeAsync();
        if (_events is not null)
            await _events.DisposeAsync();
        if (Journal is not null)
            await Journal.DisposeAsync();
        (Fence, _slotWatch, _events, Journal) = (null, null, null, null!);
    }

    /// <summary>The stream stands until it is asked for again; it is then taken up where the journal says.</summary>
    internal async ValueTask StopRelayAsync()
    {
        if (_relay is { IsCompletedSuccessfully: true } started)
            await (await started).DisposeAsync();
        _relay = null;
    }
}
