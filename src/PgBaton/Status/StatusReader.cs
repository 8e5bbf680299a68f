using Npgsql;
using PgBaton.Cutover;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>Reads a <see cref="MigrationStatus"/>: needs the target; with the source as well it also knows lag, slot, gate and blockers.</summary>
static class StatusReader
{
    public static async Task<MigrationStatus> ReadAsync(MigrationOptions options, CancellationToken ct)
    {
        var target = ConnectionString.Parse(Side.Target, options.Target);
        var source = options.Source is null ? null : ConnectionString.Parse(Side.Source, options.Source);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StatusSession.Patience);
        var opening = source is null ? null : StatusSession.OpenAsync(Side.Source, source, patience.Token);
        try
        {
            await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
            var journal = await JournalFacts.ReadAsync(connection, target.Display, ct);
            if (journal is null)
                return MigrationStatus.None(target.Display);
            if (options.Name is { } name && name != journal.Name)
                throw Errors.OtherMigration(journal.Name, $"This command was given the name \"{name}\".");

            var facts = opening is null ? SideFacts.Unknown : await AskSourceAsync(opening, journal.Name, ct, patience.Token);
            var status = Judgement.Of(journal, facts);
            if (opening is null || status is not { Step: "follow" or "return", SourceError: null } || (status.Step == "return" && journal.WayBack is not null))
                return status;
            var scope = await ScopeAsync(connection, options, ct);
            return status with { Blockers = await BlockersAsync(await opening, connection, journal.IsBack, scope, ct, patience.Token) };
        }
        finally
        {
            await CloseAsync(opening);
        }
    }

    // Asked while a cutover or rollback may come; at other times, and where there is no answer in time, they are unknown.
    static async Task<IReadOnlyList<Finding>?> BlockersAsync(
        NpgsqlConnection source, NpgsqlConnection target, bool isBack, MigrationOptions scope, CancellationToken ct, CancellationToken patience)
    {
        try
        {
            return await Gates.ListAsync(isBack ? new TwoSides(isBack, target, source) : new TwoSides(isBack, source, target), scope, patience);
        }
        catch (Exception failure) when (failure is OperationCanceledException or NpgsqlException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    // What is in scope was fixed when the migration began.
    static async Task<MigrationOptions> ScopeAsync(NpgsqlConnection target, MigrationOptions options, CancellationToken ct)
        => await JournalHeader.ReadScopeAsync(target, ct) is { } scope ? scope.ApplyTo(options) : options;

    static async Task<SideFacts> AskSourceAsync(Task<NpgsqlConnection> opening, string migration, CancellationToken ct, CancellationToken patience)
    {
        try
        {
            return await SideFacts.ReadAsync(await opening, migration, isBack: false, patience);
        }
        catch (Exception failure) when (patience.IsCancellationRequested && !ct.IsCancellationRequested
            && failure is OperationCanceledException or MigrationException or NpgsqlException)
        {
            // Whatever was interrupted says so in its own words, which would mislead.
            return SideFacts.Unknown with { Error = $"no answer within {StatusSession.Patience.TotalMilliseconds:0} ms; ask again" };
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
    static async Task CloseAsync(Task<NpgsqlConnection>? opening)
    {
        if (opening is null)
            return;
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
