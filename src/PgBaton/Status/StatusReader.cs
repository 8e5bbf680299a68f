using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>Reads a <see cref="MigrationStatus"/>: needs the target; with the source as well it also knows lag, slot and gate.</summary>
static class StatusReader
{
    public static async Task<MigrationStatus> ReadAsync(MigrationOptions options, CancellationToken ct)
    {
        var target = ConnectionString.Parse(Side.Target, options.Target);
        var source = options.Source is null ? null : ConnectionString.Parse(Side.Source, options.Source);
        var address = target.Display;

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StatusSession.SourcePatience);
        var opening = source is null ? null : StatusSession.OpenAsync(Side.Source, source, patience.Token);
        try
        {
            await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
            var journal = await JournalFacts.ReadAsync(connection, address, ct);
            if (journal is null)
                return MigrationStatus.None(address);
            if (options.Name is { } name && name != journal.Name)
                throw Errors.OtherMigration(journal.Name, $"This command was given the name \"{name}\".");

            var facts = opening is null ? SourceFacts.Unknown : await AskSourceAsync(opening, journal.Name, ct, patience.Token);
            return Judgement.Of(journal, facts);
        }
        finally
        {
            await CloseAsync(opening);
        }
    }

    static async Task<SourceFacts> AskSourceAsync(Task<NpgsqlConnection> opening, string migration, CancellationToken ct, CancellationToken patience)
    {
        try
        {
            return await SourceFacts.ReadAsync(await opening, migration, patience);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return SourceFacts.Unknown with { Error = "no answer in time" };
        }
        catch (MigrationException failure)
        {
            return SourceFacts.Unknown with { Error = failure.Detail ?? failure.Message };
        }
        catch (NpgsqlException failure)
        {
            return SourceFacts.Unknown with { Error = (failure as PostgresException)?.MessageText ?? failure.Message };
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
        catch (Exception failure) when (failure is OperationCanceledException or MigrationException)
        {
            // It never opened: there is nothing to close, and the reason has been told.
        }
    }
}
