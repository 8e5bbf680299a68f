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
}
