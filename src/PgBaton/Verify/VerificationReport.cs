namespace PgBaton.Verify;

/// <summary>What a comparison of every row found.</summary>
/// <param name="Tables">Every table that was compared, by name.</param>
/// <param name="NotCompared">Tables nobody promised anything about, each with the reason.</param>
public sealed record VerificationReport(IReadOnlyList<TableVerification> Tables, IReadOnlyList<TableNotCompared> NotCompared)
{
    /// <summary>Every table that was compared holds the same rows on both sides.</summary>
    public bool IsEqual => Tables.All(table => table.IsEqual);

    /// <summary><see cref="ExitCode.Done"/> or <see cref="ExitCode.Differs"/>.</summary>
    public ExitCode ExitCode => IsEqual ? ExitCode.Done : ExitCode.Differs;

    /// <summary>PB0601, which lists the tables that differ; null if none does.</summary>
    public MigrationException? ToError() => IsEqual ? null : Errors.TablesDiffer([.. Tables.Where(table => !table.IsEqual)]);
}

/// <summary>A table that was left out.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Reason">A clause, as in "it is unlogged".</param>
public sealed record TableNotCompared(string Table, string Reason);
