namespace PgBaton.Evidence;

/// <summary>What the journal knows of a migration, for people and programs that were not there. No value of any row, no password.</summary>
/// <param name="Name">The migration's.</param>
/// <param name="Pgbaton">The version that wrote this.</param>
/// <param name="At">When it was written.</param>
/// <param name="CreatedAt">When the migration began.</param>
/// <param name="Source">Address and version.</param>
/// <param name="Target">Address and version.</param>
/// <param name="Scope">The options that may not change, as JSON.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Steps">Those that were begun, in their order; of one that was run again, the last time.</param>
/// <param name="Tables">The tables in scope, by name.</param>
/// <param name="Verifications">The newest of each table.</param>
/// <param name="Objects">How many objects of each kind were made, were there before, or wait.</param>
/// <param name="Refused">Objects that the target refused, each with why that is harmless.</param>
/// <param name="Lag">How far the target was behind, over time.</param>
/// <param name="Events">What happened, in its order; without the lag.</param>
public sealed record MigrationReport(
    string Name, string Pgbaton, DateTimeOffset At, DateTimeOffset CreatedAt, ReportedServer Source, ReportedServer Target, string Scope, MigrationStatus Status,
    IReadOnlyList<ReportedStep> Steps, IReadOnlyList<ReportedTable> Tables, IReadOnlyList<Verify.TableVerification> Verifications,
    IReadOnlyList<ReportedObjects> Objects, IReadOnlyList<string> Refused, IReadOnlyList<ReportedLag> Lag, IReadOnlyList<ReportedEvent> Events)
{
    /// <summary>Every time that a step was run, in their order.</summary>
    public IReadOnlyList<ReportedRun> Runs => ReportedRun.Of(this);
}

/// <summary>A server of the migration.</summary>
/// <param name="Address"><c>host:port/database</c>.</param>
/// <param name="Version">Of PostgreSQL.</param>
public sealed record ReportedServer(string Address, string Version);

/// <summary>A step that was begun.</summary>
/// <param name="Name">In the table of steps.</param>
/// <param name="StartedAt">The last time.</param>
/// <param name="DoneAt">Null while it is not done.</param>
public sealed record ReportedStep(string Name, DateTimeOffset StartedAt, DateTimeOffset? DoneAt);

/// <summary>A table that was copied.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Rows">As COPY counted them; null while it is not copied.</param>
/// <param name="Bytes">As they went over the wire; of the parts that are there, while it is not copied; null if there are none.</param>
/// <param name="Seconds">The copy took.</param>
public sealed record ReportedTable(string Table, long? Rows, long? Bytes, double? Seconds);

/// <summary>Objects of the schema.</summary>
/// <param name="Kind">As pg_restore lists it.</param>
/// <param name="Outcome">done, harmless, waits; null: not made yet.</param>
/// <param name="Count">How many.</param>
public sealed record ReportedObjects(string Kind, string? Outcome, long Count);

/// <summary>How far the target was behind at a moment.</summary>
/// <param name="At">When.</param>
/// <param name="Bytes">WAL not yet applied.</param>
/// <param name="Seconds">Since the oldest commit not yet applied.</param>
public sealed record ReportedLag(DateTimeOffset At, long Bytes, double Seconds);

/// <summary>Something that happened.</summary>
/// <param name="At">When.</param>
/// <param name="Epoch">Which engine reported it: each process that took over has a higher one.</param>
/// <param name="Happened">What.</param>
public sealed record ReportedEvent(DateTimeOffset At, long Epoch, MigrationEvent Happened);
