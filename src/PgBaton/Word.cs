using System.Text.Json;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton;

/// <summary>Something the operator asked the engine for: a row of pgbaton.word.</summary>
/// <param name="Id">Its place in the order they were said.</param>
/// <param name="Name">verify, cutover, rollback, cancel, drift, tables, via, finish, abort.</param>
/// <param name="Arguments">What goes with it.</param>
sealed record Word(long Id, string Name, WordArguments Arguments)
{
    // ("pgbw", id), shared: as long as somebody waits for the answer.
    const int WaitingLock = 1885823607;

    /// <summary>Says it, and keeps a lock in this session for as long as it waits. Whoever is the engine will take it.</summary>
    public static async Task<Word> SayAsync(NpgsqlConnection connection, string name, WordArguments arguments, CancellationToken ct)
    {
        var id = await connection.QueryValueAsync<long>(
            $"INSERT INTO pgbaton.word (word, arguments, said_from) VALUES ($1, $2, $3) RETURNING id, pg_catalog.pg_advisory_lock_shared({WaitingLock}, id::int)", ct,
            name, Sql.Json(Text(arguments)), Environment.MachineName);
        return new Word(id, name, arguments);
    }

    /// <summary>
    /// For a new engine: a change of writers that somebody asked a former one for, and no longer waits for, is not made behind his back. All other
    /// words are taken up again. Returns the names of those that are not.
    /// </summary>
    /// <param name="connection">The engine's.</param>
    /// <param name="own">The word that this engine was started for; null if it was started for the migration.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static Task<List<string>> EndLeftAsync(NpgsqlConnection connection, long? own, CancellationToken ct)
        => connection.QueryAsync(
            $"""
            UPDATE pgbaton.word w SET ended_at = now(), outcome = $1
             WHERE ended_at IS NULL AND word IN ('cutover', 'rollback', 'cancel', 'finish') AND id IS DISTINCT FROM $2
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l
                                WHERE l.locktype = 'advisory' AND l.classid = {WaitingLock} AND l.objid = w.id::text::oid AND l.objsubid = 2
                                  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
            RETURNING word
            """,
            row => row.GetString(0), ct,
            Outcome(ExitCode.Failed, Errors.WordLeft()), own);

    /// <summary>All without an answer, oldest first.</summary>
    public static Task<List<Word>> ListAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync($"{Unanswered} ORDER BY id", Read, ct);

    /// <summary>The oldest one without an answer.</summary>
    public static Task<Word?> NextAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryFirstAsync($"{Unanswered} ORDER BY id LIMIT 1", Read, ct);

    /// <summary>The oldest one of that name without an answer.</summary>
    public static Task<Word?> FindAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => connection.QueryFirstAsync($"{Unanswered} AND word = $1 ORDER BY id LIMIT 1", Read, ct, name);

    /// <summary>
    /// The same, said before to a process that was killed over it: a verification goes on with the tables that are left. Null if there is none,
    /// or somebody is working on it.
    /// </summary>
    public static async Task<Word?> FindLeftAsync(NpgsqlConnection connection, string name, WordArguments arguments, CancellationToken ct)
        => name == "verify" && await JournalReader.FindEngineAsync(connection, ct) is null
           && await FindAsync(connection, name, ct) is { } left && Text(left.Arguments) == Text(arguments) ? left : null;

    // Two of them are equal when this is: lists in them are no values.
    static string Text(WordArguments arguments) => JsonSerializer.Serialize(arguments, PgBatonJson.Journal.WordArguments);

    const string Unanswered = "SELECT id, word, arguments::text FROM pgbaton.word WHERE ended_at IS NULL";

    static Word Read(NpgsqlDataReader row)
        => new(row.GetInt64(0), row.GetString(1), JsonSerializer.Deserialize(row.GetString(2), PgBatonJson.Default.WordArguments)!);

    public Task<int> EndAsync(NpgsqlConnection connection, ExitCode exitCode, MigrationException? error, CancellationToken ct)
        => connection.ExecuteAsync(
            "UPDATE pgbaton.word SET ended_at = now(), outcome = $2 WHERE id = $1", ct, Id, Outcome(exitCode, error));

    static NpgsqlParameter Outcome(ExitCode exitCode, MigrationException? error)
        => Sql.Json(JsonSerializer.Serialize(new WordOutcome((int)exitCode, ErrorReport.Of(error)), PgBatonJson.Journal.WordOutcome));

    /// <summary>The answer; null while there is none.</summary>
    public async Task<WordOutcome?> OutcomeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var outcome = await connection.QueryFirstAsync(
            "SELECT outcome::text FROM pgbaton.word WHERE id = $1 AND ended_at IS NOT NULL", row => row.GetString(0), ct, Id);
        return outcome is null ? null : JsonSerializer.Deserialize(outcome, PgBatonJson.Journal.WordOutcome);
    }
}

/// <summary>What goes with a word; what does not apply to it is left at its default.</summary>
public sealed record WordArguments
{
    /// <summary>cutover, rollback: the fence is lifted if the new writer is not open after this time.</summary>
    public double MaxDowntimeSeconds { get; init; } = 30;

    /// <summary>cutover, rollback: a shell command, run on the engine's host once the new writer is open.</summary>
    public string? OnSwitch { get; init; }

    /// <summary>cutover, rollback: the role as which the application will write; its writes are tried on the new writer's side beforehand.</summary>
    public string? ProbeRole { get; init; }

    /// <summary>cutover, rollback: <c>host</c> or <c>host:port</c> that must lead to the new writer before the word is answered.</summary>
    public string? WaitFor { get; init; }

    /// <summary>cutover, rollback: admin console of a PgBouncer to pause and let go on; a URI without a password.</summary>
    public string? PgBouncer { get; init; }

    /// <summary>cutover: do everything but the fence, and say what it would have cost.</summary>
    public bool Rehearse { get; init; }

    /// <summary>cutover: give up the way back.</summary>
    public bool NoReverse { get; init; }

    /// <summary>cutover, rollback: sequences are set so many steps further than they stand.</summary>
    public int SequenceGap { get; init; }

    /// <summary>verify: at most so many differing rows of a table are listed.</summary>
    public int Show { get; init; } = 20;

    /// <summary>verify: compare numbers of rows only, which proves nothing about their content.</summary>
    public bool Counts { get; init; }

    /// <summary>verify: read the values of the rows that are listed, and keep them in the journal.</summary>
    public bool Values { get; init; }

    /// <summary>verify: make rows that differ what they are on the writer's side.</summary>
    public bool Repair { get; init; }

    /// <summary>verify: read at most so many bytes a second on each side.</summary>
    public long? MaxRate { get; init; }

    /// <summary>drift: run on the target what brings it level.</summary>
    public bool Apply { get; init; }

    /// <summary>drift: the operator has brought the target level.</summary>
    public bool Accept { get; init; }

    /// <summary>tables: patterns of tables to take along.</summary>
    public IReadOnlyList<string> AddTables { get; init; } = [];

    /// <summary>tables: patterns of tables to give up.</summary>
    public IReadOnlyList<string> RemoveTables { get; init; } = [];

    /// <summary>via: who is to carry the stream.</summary>
    public Via Via { get; init; }

    /// <summary>finish: let the old source be written again.</summary>
    public bool UnlockSource { get; init; }
}

/// <summary>The answer to a word.</summary>
/// <param name="ExitCode">For the process that said it.</param>
/// <param name="Error">What went wrong; null if nothing did.</param>
public sealed record WordOutcome(int ExitCode, ErrorReport? Error);
