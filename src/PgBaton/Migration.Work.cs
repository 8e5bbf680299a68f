using PgBaton.Copy;
using PgBaton.Postgres;

namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>
    /// Helps an engine that runs elsewhere: takes parts of its copy until everything is copied. Any number of processes may, on any hosts; each may be
    /// killed at any moment.
    /// </summary>
    /// <param name="patience">How long an engine is waited for, at the beginning and when one has gone.</param>
    /// <param name="ct">Ends it; what was under way is copied by others.</param>
    /// <exception cref="MigrationException">PB0417: nobody copies. PB0203: the journal is of another migration. PB0403 to PB0409.</exception>
    public async Task<CopiedHere> WorkAsync(TimeSpan patience, CancellationToken ct = default)
    {
        Source = await Server.ConnectAsync(Side.Source, _source ?? throw Errors.MissingConnectionString(Side.Source), ct);
        Target = await Server.ConnectAsync(Side.Target, _target, ct);
        return await JoinCopy.RunAsync(this, patience, ct);
    }
}
