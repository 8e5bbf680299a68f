using PgBaton.Status;

namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>
    /// Where a migration is. Reads only, waits for nobody, answers within a second; the source may be left out or down, then what only it knows is
    /// null.
    /// </summary>
    /// <exception cref="MigrationException">PB0001, PB0101: the target. PB0201, PB0202: a journal that is not ours.</exception>
    public static Task<MigrationStatus> StatusAsync(MigrationOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return StatusReader.ReadAsync(options, ct);
    }

    /// <summary>The newest verification of each table, as the journal has it; empty without a journal.</summary>
    /// <exception cref="MigrationException">PB0001, PB0101.</exception>
    public static Task<IReadOnlyList<VerifiedTable>> VerificationsAsync(MigrationOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return VerifiedTable.ListAsync(options, ct);
    }
}
