using System.Text.Json;
using Npgsql;
using PgBaton.Gate;
using PgBaton.Postgres;

namespace PgBaton;

/// <summary>
/// The engine's handle on the journal in the target's schema <c>pgbaton</c>. Whoever holds it is the engine: an advisory lock of its session
/// keeps others out, and the epoch keeps out a former engine that was only asleep. One session, one command at a time.
/// </summary>
sealed class Journal : IAsyncDisposable
{
    /// <summary>What <c>journal.sql</c> makes; a different number in the schema's comment is refused.</summary>
    public const int Format = 1;

    // Asked for words four times a second, whatever else goes on: the first to notice that nothing comes back from the target any more.
    const int SecondsWithoutAnswer = 45;

    readonly NpgsqlConnection _connection;
    readonly SemaphoreSlim _turn = new(1);

    Journal(NpgsqlConnection connection, long epoch, string name) => (_connection, Epoch, Name) = (connection, epoch, name);

    /// <summary>Every transaction on the target ends by checking that the journal still has it.</summary>
    public long Epoch { get; }

    /// <summary>The migration's name; slot and publication are <c>pgbaton_name</c>.</summary>
    public string Name { get; }

    /// <summary>Of the publication and of the permanent slot on the source.</summary>
    public string SlotName => Direction.SlotNameOf(Name, isBack: false);

    /// <summary>Makes the journal if there is none, becomes the engine, raises the epoch and ends what a former engine left behind.</summary>
    /// <param name="target">Where it is.</param>
    /// <param name="header">Which migration it must be.</param>
    /// <param name="mayCreate">False for a process that came to carry out a word: it must never begin a migration.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="MigrationException">PB0201, PB0202, PB0203, PB0204, PB0206, PB0207.</exception>
    public static async Task<Journal> TakeAsync(Server target, JournalHeader header, bool mayCreate, CancellationToken ct)
    {
        var connection = await target.OpenNewAsync("engine", ct, commandTimeout: SecondsWithoutAnswer);
        try
        {
            if (!await connection.QueryValueAsync<bool>($"SELECT pg_catalog.pg_try_advisory_lock({JournalReader.EngineLock})", ct))
                throw Errors.EngineRunning(await JournalReader.DescribeEngineAsync(connection, ct));

            if (!await JournalReader.ExistsAsync(connection, target.Address, ct))
            {
                if (!mayCreate)
                    throw Errors.NoMigration(target.Address);
                await CreateAsync(connection, header, ct);
            }

            var name = await header.CompareAsync(connection, ct);
            return new Journal(connection, await JournalEpoch.RaiseAsync(connection, epoch: null, ct), name);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task<bool> IsDoneAsync(string step, CancellationToken ct)
        => TakeTurnAsync(c => c.QueryValueAsync<bool>("SELECT EXISTS (SELECT FROM pgbaton.step WHERE name = $1 AND done_at IS NOT NULL)", ct, step), ct);

    public Task<bool> IsStartedAsync(string step, CancellationToken ct)
        => TakeTurnAsync(c => c.QueryValueAsync<bool>("SELECT EXISTS (SELECT FROM pgbaton.step WHERE name = $1)", ct, step), ct);

    public Task StepStartedAsync(string step, CancellationToken ct)
        => TakeTurnAsync(c => c.ExecuteAsync(
            "INSERT INTO pgbaton.step (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET started_at = clock_timestamp(), done_at = NULL", ct, step), ct);

    public Task StepDoneAsync(string step, CancellationToken ct)
        => TakeTurnAsync(c => c.ExecuteAsync("UPDATE pgbaton.step SET done_at = clock_timestamp() WHERE name = $1", ct, step), ct);

    public Task StepUndoneAsync(string step, CancellationToken ct)
        => TakeTurnAsync(c => c.ExecuteAsync("DELETE FROM pgbaton.step WHERE name = $1", ct, step), ct);

    /// <summary>These steps are done, no other is begun, and changes go that way: all in one moment.</summary>
    public Task StandAtAsync(string[] done, bool isBack, CancellationToken ct)
        => TakeTurnAsync(
            c => c.ExecuteAsync(
                """
                WITH gone AS (DELETE FROM pgbaton.step WHERE name <> ALL ($1)),
                     way AS (INSERT INTO pgbaton.fact (key, value) VALUES ($2, $3)
                             ON CONFLICT (key) DO UPDATE SET value = excluded.value, set_at = now())
                INSERT INTO pgbaton.step AS s (name, done_at) SELECT unnest($1), pg_catalog.clock_timestamp()
                ON CONFLICT (name) DO UPDATE SET done_at = coalesce(s.done_at, excluded.done_at)
                """,
                ct, done, Fact.Direction, isBack ? "back" : "forward"),
            ct);

    public Task<string?> GetFactAsync(string key, CancellationToken ct)
        => TakeTurnAsync(c => c.QueryFirstAsync("SELECT value FROM pgbaton.fact WHERE key = $1", row => row.GetString(0), ct, key), ct);

    public Task SetFactAsync(string key, string? value, CancellationToken ct)
        => TakeTurnAsync(
            c => value is null
                ? c.ExecuteAsync("DELETE FROM pgbaton.fact WHERE key = $1", ct, key)
                : c.ExecuteAsync(
                    "INSERT INTO pgbaton.fact (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value, set_at = now()", ct, key, value),
            ct);

    /// <summary>In their order, in one command.</summary>
    public Task RecordAsync(IReadOnlyList<MigrationEvent> happened, CancellationToken ct)
        => TakeTurnAsync(
            c => c.ExecuteAsync(
                "INSERT INTO pgbaton.event (epoch, event) SELECT $1, e::jsonb FROM pg_catalog.unnest($2::text[]) WITH ORDINALITY AS t (e, n) ORDER BY n", ct,
                Epoch, happened.Select(one => JsonSerializer.Serialize(one, PgBatonJson.Journal.MigrationEvent)).ToArray()),
            ct);

    /// <summary>Keeps the newest error for <c>status</c>. A journal that cannot be written any more is why there is an error, so that is left at that.</summary>
    public async Task NoteAsync(MigrationException failure)
    {
        try
        {
            var report = JsonSerializer.Serialize(ErrorReport.Of(failure)!, PgBatonJson.Journal.ErrorReport);
            await SetFactAsync(Fact.LastError, report, CancellationToken.None);
        }
        catch (Exception lost) when (lost is NpgsqlException or InvalidOperationException)
        {
        }
    }

    /// <summary>The words nobody has answered, oldest first.</summary>
    public Task<List<Word>> ListWordsAsync(CancellationToken ct) => TakeTurnAsync(c => Word.ListAsync(c, ct), ct);

    /// <summary>The oldest word nobody has answered; null if there is none.</summary>
    public Task<Word?> NextWordAsync(CancellationToken ct) => TakeTurnAsync(c => Word.NextAsync(c, ct), ct);

    /// <summary>The oldest unanswered word of that name; null if there is none.</summary>
    public Task<Word?> FindWordAsync(string name, CancellationToken ct) => TakeTurnAsync(c => Word.FindAsync(c, name, ct), ct);

    public Task EndWordAsync(Word word, ExitCode exitCode, MigrationException? error, CancellationToken ct)
        => TakeTurnAsync(c => word.EndAsync(c, exitCode, error, ct), ct);

    /// <summary>For what a step keeps in tables of the journal. The connection is the engine's own: no long work on it.</summary>
    public async Task<T> TakeTurnAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await work(_connection);
        }
        catch (InvalidOperationException closed) when (closed.Source == nameof(Npgsql))
        {
            // The driver's word for a session that broke while somebody else had the turn: the failure is that one, and passes as that does.
            throw new NpgsqlException("the session of the journal has ended", new IOException(closed.Message, closed));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Drops the journal; the lock goes with the session.</summary>
    public Task DropAsync(CancellationToken ct) => TakeTurnAsync(c => c.ExecuteAsync("DROP SCHEMA pgbaton CASCADE", ct), ct);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _turn.Dispose();
    }

    static async Task CreateAsync(NpgsqlConnection connection, JournalHeader header, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(GateSql.Journal, ct);
        await connection.ExecuteAsync(GateSql.Side, ct);
        await header.WriteAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }
}
