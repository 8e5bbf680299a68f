namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>Asks every preflight question and changes nothing. Needs no journal.</summary>
    public static Task<CheckReport> CheckAsync(MigrationOptions options, CancellationToken ct) => throw new NotImplementedException();
}
