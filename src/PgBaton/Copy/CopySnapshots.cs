using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>Under which snapshots of the source the tables are copied.</summary>
abstract class CopySnapshots
{
    /// <summary>Before the journal is asked which tables are not whole.</summary>
    public virtual Task BeginAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>For the tables that are not whole now.</summary>
    public abstract Task<ExportedSnapshot> TakeAsync(CancellationToken ct);

    /// <summary>When it is of, for the operator.</summary>
    public abstract string Describe(ExportedSnapshot snapshot);

    /// <summary>The tables have been read, and the snapshot is still there.</summary>
    /// <param name="snapshot">Of this round.</param>
    /// <param name="changed">Tables that have to be copied again, under another one.</param>
    /// <param name="ct">Breaks it off.</param>
    public virtual Task ReadAsync(ExportedSnapshot snapshot, IReadOnlyCollection<TableCopy> changed, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Every table is whole.</summary>
    public virtual Task EndAsync(CancellationToken ct) => Task.CompletedTask;
}
