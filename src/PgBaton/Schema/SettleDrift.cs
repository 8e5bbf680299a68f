using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Carries out the word <c>drift</c>: tells what has changed, makes the same changes on the target, or takes them as made by hand.</summary>
static class SettleDrift
{
    /// <exception cref="MigrationException">PB0509: the changes that are left; PB0510: the target refused one; nothing was changed then.</exception>
    public static async Task RunAsync(Migration migration, WordArguments arguments, CancellationToken ct)
    {
        var changes = await SchemaDrift.FindAsync(migration, ct);
        if (changes.Count == 0)
            return;
        if (!arguments.Apply && !arguments.Accept)
            throw Errors.SchemaDrifted(changes, inner: null);
        // The rows of a new table were never copied and are not in the stream; an altered one may need more than its definition.
        if (arguments.Apply && changes.Where(change => change.Statements.Count == 0 || change.IsNewTable).ToList() is { Count: > 0 } left)
            throw Errors.SchemaDrifted(left, inner: null);

        await using var target = await EntryRun.OpenAsync(migration, "drift", ct);
        await using var transaction = await target.BeginTransactionAsync(ct);
        await target.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
        foreach (var change in changes)
        {
            if (arguments.Apply)
                await ApplyAsync(target, change, ct);
            await RecordAsync(target, change, ct);
        }

        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        foreach (var change in changes)
            migration.Report(new Notice($"{change}: {(arguments.Apply ? "the target was brought level" : "taken as settled by hand")}"));
        await Hold.TablesAsync(migration, target, ct); // A trigger that was just made must not act before the target opens.
    }

    static async Task ApplyAsync(NpgsqlConnection target, SchemaChange change, CancellationToken ct)
    {
        try
        {
            foreach (var statement in change.Statements)
                await EntryRun.ExecuteAsync(target, statement, ct);
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal))
        {
            throw Errors.DriftRefused(change, refusal);
        }
    }

    // What the journal holds from now on is what the source was described as when the change was found.
    static async Task RecordAsync(NpgsqlConnection target, SchemaChange change, CancellationToken ct)
    {
        foreach (var description in change.Was)
            await target.ExecuteAsync("DELETE FROM pgbaton.entry WHERE description = $1", ct, description);
        foreach (var entry in change.Now)
        {
            await target.ExecuteAsync(
                """
                INSERT INTO pgbaton.entry
                       (dump_id, position, section, kind, name, description, table_schema, table_name, bytes, needs, command, drop_command, outcome)
                SELECT max(dump_id) + 1, max(position) + 1, $1, $2, $3, $4, $5, $6, 0, '{}', $7, $8, 'done' FROM pgbaton.entry
                """, ct, entry.Section == ArchiveSection.PreData ? "pre-data" : "post-data", entry.Kind, entry.Name, entry.Description,
                entry.Table?.Schema, entry.Table?.Name, entry.Definition, entry.Drop);
        }
    }
}
