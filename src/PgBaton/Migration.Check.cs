namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>Asks both servers every preflight question and changes nothing.</summary>
    /// <exception cref="MigrationException">PB0002, PB0101: a server cannot be asked.</exception>
    public Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken ct = default) => throw new NotImplementedException();
}
