namespace PgBaton.Cli.Demo;

/// <summary>How large, between which servers.</summary>
/// <param name="Rows">At least so many.</param>
/// <param name="SourceMajor">PostgreSQL of the source.</param>
/// <param name="TargetMajor">PostgreSQL of the target.</param>
/// <param name="Seed">Of the made-up data and transactions.</param>
/// <param name="Via">Who carries the changes while the writers are on the source, and on the way back.</param>
/// <param name="Keep">Leave both servers running.</param>
sealed record DemoOptions(int Rows, int SourceMajor, int TargetMajor, int Seed, Via Via, bool Keep);
