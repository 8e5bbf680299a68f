using PgBaton.Evidence;

namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>What the journal knows of a migration, from its beginning until now. Reads only.</summary>
    /// <exception cref="MigrationException">PB0001, PB0101: the target. PB0206: there is no journal.</exception>
    public static Task<MigrationReport> ReportAsync(MigrationOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ReportReader.ReadAsync(options, ct);
    }

    /// <summary>How far the target was behind since the migration began, as the report has it. Reads only, and never waits; empty without a journal.</summary>
    /// <exception cref="MigrationException">PB0001, PB0101: the target.</exception>
    public static Task<IReadOnlyList<ReportedLag>> LagAsync(MigrationOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ReportReader.LagAsync(options, ct);
    }
}
