namespace PgBaton.Verify;

/// <summary>What is compared once more around the fence of a cutover or rollback.</summary>
interface ILastLook : IAsyncDisposable
{
    /// <summary>While writers run, as the last thing before the fence: so that little is left for inside it.</summary>
    Task ApproachAsync(CancellationToken ct);

    /// <summary>One look while writers run, for the rehearsal.</summary>
    Task LookAsync(CancellationToken ct);

    /// <summary>Nobody writes. What cannot be compared within the limit is told, not waited for: writers do wait.</summary>
    Task InFenceAsync(TimeSpan limit, CancellationToken ct);
}
