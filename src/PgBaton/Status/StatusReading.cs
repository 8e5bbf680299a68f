using Npgsql;
using PgBaton.Cutover;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>
/// One reading, which knows more the longer it is left to go on. Whoever has no more time leaves it with what is known so far: to interrupt a busy server
/// and wait until it has noticed can take longer than its answer.
/// </summary>
sealed class StatusReading
{
    readonly CancellationTokenSource _left;
    readonly TaskCompletionSource _ofTarget = new(TaskCreationOptions.RunContinuationsAsynchronously);
    JournalFacts? _journal;
    SideFacts _source = SideFacts.Unknown with { Error = "no answer in time; ask again" };

    public StatusReading(MigrationOptions options, CancellationToken ct)
    {
        _left = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Whole = ReadAsync(options, _left.Token);
    }

    /// <summary>Done when all is known, and both sessions are closed.</summary>
    public Task<MigrationStatus> Whole { get; }

    /// <summary>Done when what the target says is known.</summary>
    public Task OfTarget => _ofTarget.Task;

    /// <summary>What is known, once the target's answer is there. The rest ends by itself.</summary>
    public MigrationStatus Leave()
    {
        var known = Judgement.Of(_journal!, _source); // Before an interrupted question answers in its own words.
        _ = Whole.ContinueWith(
            whole => _ = whole.Exception, // Nobody is interested any more.
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _ = _left.CancelAsync();
        return known;
    }

    async Task<MigrationStatus> ReadAsync(MigrationOptions options, CancellationToken ct)
    {
        var target = ConnectionString.Parse(Side.Target, options.Target);
        var opening = options.Source is null ? null : StatusSession.OpenAsync(Side.Source, ConnectionString.Parse(Side.Source, options.Source), ct);
        try
        {
            await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
            var journal = await JournalFacts.ReadAsync(connection, target.Display, ct);
            if (journal is null)
                return MigrationStatus.None(target.Display);
            if (options.Name is { } name && name != journal.Name)
                throw Errors.OtherMigration(journal.Name, $"This command was given the name \"{name}\".");
            if (opening is null)
                return Judgement.Of(journal, SideFacts.Unknown);

            _journal = journal;
            _ofTarget.SetResult();
            _source = await AskSourceAsync(opening, journal.Name, ct);
            var status = Judgement.Of(journal, _source);
            if (status is not { Step: "follow" or "return", SourceError: null } || (status.Step == "return" && journal.WayBack is not null))
                return status;
            return status with { Blockers = await BlockersAsync(await opening, connection, journal.IsBack, options, ct) };
        }
        finally
        {
            await CloseAsync(opening);
        }
    }

    // Asked while a cutover or rollback may come; where there is no answer they are unknown. What is in scope was fixed when the migration began.
    static async Task<IReadOnlyList<Finding>?> BlockersAsync(
        NpgsqlConnection source, NpgsqlConnection target, bool isBack, MigrationOptions options, CancellationToken ct)
    {
        try
        {
            var scope = await JournalHeader.ReadScopeAsync(target, ct) is { } begunWith ? begunWith.ApplyTo(options) : options;
            return await Gates.ListAsync(isBack ? new TwoSides(isBack, target, source) : new TwoSides(isBack, source, target), scope, ct);
        }
        catch (NpgsqlException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    static async Task<SideFacts> AskSourceAsync(Task<NpgsqlConnection> opening, string migration, CancellationToken ct)
    {
        try
        {
            return await SideFacts.ReadAsync(await opening, migration, isBack: false, ct);
        }
        catch (MigrationException failure)
        {
            return SideFacts.Unknown with { Error = failure.Message };
        }
        catch (NpgsqlException failure)
        {
            return SideFacts.Unknown with { Error = (failure as PostgresException)?.MessageText ?? failure.Message };
        }
    }

    // The session to the source may still be on its way when the target has already said all there is.
    async Task CloseAsync(Task<NpgsqlConnection>? opening)
    {
        if (opening is null)
            return;
        if (!opening.IsCompleted)
            await _left.CancelAsync();
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (Exception failure) when (failure is OperationCanceledException or MigrationException or NpgsqlException)
        {
            // It never opened: there is nothing to close, and the reason has been told.
        }
    }
}
