using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Drops from the target exactly what the journal says that we made. Never CASCADE: what somebody else hung on it is not ours to drop.
/// </summary>
static class Removal
{
    const int ChunkSize = 50;

    /// <summary>
    /// For <see cref="EntryRun.ExecuteAsync"/>. What depends on the object stands in the error's detail, which the driver keeps to itself since other details
    /// hold values of rows: it becomes the hint.
    /// </summary>
    public const string Drop =
        """
        DO '
        DECLARE
            detail text;
        BEGIN
            EXECUTE pg_catalog.current_setting(''pgbaton.command'');
        EXCEPTION WHEN dependent_objects_still_exist OR feature_not_supported THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
            RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM, HINT = detail;
        END'
        """;

    /// <summary>Leaves no entry in the journal; may be run again.</summary>
    /// <exception cref="MigrationException">PB0308: something that is not ours depends on it.</exception>
    public static async Task RunAsync(Migration migration, NpgsqlConnection connection, CancellationToken ct)
    {
        var left = await connection.QueryAsync(
            "SELECT dump_id, description, drop_command FROM pgbaton.entry WHERE outcome = 'done' AND drop_command <> '' ORDER BY position DESC",
            row => new Made(row.GetInt32(0), row.GetString(1), row.GetString(2)), ct);
        // Some go only after others of ours (an index of a constraint, a partition's constraint): as long as it gets less, once more.
        while (left.Count > 0)
        {
            var refused = new List<(Made Made, PostgresException Refusal)>();
            foreach (var chunk in left.Chunk(ChunkSize))
                refused.AddRange(await DropAsync(migration, connection, chunk, ct));
            if (refused.Count == left.Count)
                throw Errors.CannotDrop(refused[0].Made.Description, refused[0].Refusal);
            left = [.. refused.Select(r => r.Made)];
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("DELETE FROM pgbaton.entry; DELETE FROM pgbaton.waiting; DELETE FROM pgbaton.relation", ct);
        await JournalEpoch.CheckAsync(connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    // One transaction, and a savepoint for each, so that a refusal costs only itself.
    static async Task<List<(Made Made, PostgresException Refusal)>> DropAsync(
        Migration migration, NpgsqlConnection connection, IReadOnlyList<Made> chunk, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var refused = new List<(Made, PostgresException)>();
        foreach (var made in chunk)
        {
            await transaction.SaveAsync("entry", ct);
            try
            {
                await EntryRun.ExecuteAsync(connection, made.DropCommand, ct, Drop);
            }
            catch (PostgresException refusal) when (!Transient.Is(refusal))
            {
                await transaction.RollbackAsync("entry", ct);
                if (!IsGone(refusal))
                    refused.Add((made, refusal));
            }

            await transaction.ReleaseAsync("entry", ct);
        }

        await connection.ExecuteAsync(
            "UPDATE pgbaton.entry SET outcome = NULL, seconds = NULL WHERE dump_id = ANY ($1)", ct,
            chunk.Select(made => made.Id).Except(refused.Select(r => r.Item1.Id)).ToArray());
        await JournalEpoch.CheckAsync(connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        return refused;
    }

    /// <summary>Gone with something else, or dropped by somebody.</summary>
    public static bool IsGone(PostgresException refusal) => refusal.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject
        or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn;

    sealed record Made(int Id, string Description, string DropCommand);
}
