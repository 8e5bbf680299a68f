using PgBaton.Postgres;
using PgBaton.Status;
using PgBaton.Verify;

namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>
    /// Where a migration is. Reads only, waits for nobody, answers within a second; the source may be left out or down, then what only it knows is
    /// null.
    /// </summary>
    /// <exception cref="MigrationException">PB0001, PB0101: the target. PB0201, PB0202: a journal that is not ours.</exception>
    public static Task<MigrationStatus> StatusAsync(MigrationOptions options, CancellationToken ct = default)
        => StatusAsync(options, StatusSession.Patience, ct);

    /// <summary>The same.</summary>
    /// <param name="options">As above.</param>
    /// <param name="patience">Within which the source has to answer.</param>
    /// <param name="ct">Ends the reading.</param>
    public static Task<MigrationStatus> StatusAsync(MigrationOptions options, TimeSpan patience, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return StatusReader.ReadAsync(options, patience, ct);
    }

    /// <summary>The same options with what the migration in the target's journal began with: which tables, and how. Null without a journal.</summary>
    /// <exception cref="MigrationException">PB0001, PB0101.</exception>
    public static async Task<MigrationOptions?> BegunWithAsync(MigrationOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var target = ConnectionString.Parse(Side.Target, options.Target);
        await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
        return await JournalReader.ExistsAsync(connection, target.Display, ct) && await JournalHeader.ReadScopeAsync(connection, ct) is { } scope
            ? scope.ApplyTo(options) : null;
    }

    /// <summary>The newest verification of each table, as the journal has it; empty without a journal.</summary>
    /// <exception cref="MigrationException">PB0001, PB0101.</exception>
    public static async Task<IReadOnlyList<TableVerification>> VerificationsAsync(MigrationOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var target = ConnectionString.Parse(Side.Target, options.Target);
        await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
        return await JournalReader.ExistsAsync(connection, target.Display, ct) ? await VerificationJournal.ReadAsync(connection, ct) : [];
    }
}
