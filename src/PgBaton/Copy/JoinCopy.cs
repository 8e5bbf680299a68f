using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Takes parts of a copy that an engine elsewhere has planned, until everything is copied. It holds nothing that others need: a part is a lock in the
/// transaction that copies it, so that the server gives it back when this process dies.
/// </summary>
static class JoinCopy
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Ends when the journal says that the copy is done.</summary>
    /// <exception cref="MigrationException">PB0417: there is no engine, and none has come within that time.</exception>
    public static async Task<CopiedHere> RunAsync(Migration migration, TimeSpan patience, CancellationToken ct)
    {
        var copied = new CopiedHere(0, 0, 0);
        var alive = migration.Time.GetTimestamp();
        while (true)
        {
            switch (await TryAsync(migration, ended => copied += ended, ct))
            {
                case Outlook.Done:
                    return copied;
                case Outlook.Engine:
                    alive = migration.Time.GetTimestamp();
                    break;
                case Outlook.Nobody when migration.Time.GetElapsedTime(alive) > patience:
                    throw Errors.NothingToJoin(migration.Target.Address, patience);
            }

            await Task.Delay(_interval, migration.Time, ct);
        }
    }

    // A round of the engine that ends, a newer engine and a lost connection all look alike from here: look again.
    static async Task<Outlook> TryAsync(Migration migration, Action<CopiedHere> ended, CancellationToken ct)
    {
        try
        {
            await using var session = await migration.Target.OpenAsync("worker", ct);
            if (!await JournalReader.ExistsAsync(session, migration.Target.Address, ct))
                return Outlook.Nobody;
            await new JournalHeader(migration.Source, migration.Target, migration.Options).CompareAsync(session, ct);
            if (await CopyOffer.FindAsync(session, ct) is { } offer)
                await WorkAsync(migration, offer, session, ended, ct);
            return await LookAsync(session, ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && (Transient.Is(failure) || IsPassed(failure)))
        {
            migration.Report(new Notice($"the part is left to others, and what there is to do is looked up again: {failure.Message}"));
            return Outlook.Nobody;
        }
    }

    static async Task WorkAsync(Migration migration, CopyOffer offer, NpgsqlConnection session, Action<CopiedHere> ended, CancellationToken ct)
    {
        if (migration.Target.Token != offer.Token)
            migration.Target.UseToken(offer.Token);
        var options = (await JournalHeader.ReadScopeAsync(session, ct))!.ApplyTo(migration.Options);
        var route = new CopyRoute(migration.Source, migration.Target, options.Wire, options.LockTimeout, offer.Epoch, new Brake(options.MaxRate, migration.Time), migration.Time, migration.Report);
        var plan = await CopyPlan.JoinAsync(route, offer.Snapshot, options.ExistingSchema, ct);
        var round = new CopyRound(route, offer.Snapshot, plan, (oids, stop) => LookAsync(session, offer, oids, stop), _ => { });
        try
        {
            await round.RunAsync(options.Jobs, ct);
        }
        finally
        {
            ended(round.Copied);
        }
    }

    // Breaks the round off where the engine has begun another, or was told to pause.
    static async Task<CopyState> LookAsync(NpgsqlConnection session, CopyOffer offer, uint[] oids, CancellationToken ct)
        => offer.Is(await CopyOffer.FindAsync(session, ct))
            ? await CopyJournal.LookAsync(session, oids, ct)
            : throw new IOException("the engine has ended this round of the copy");

    static async Task<Outlook> LookAsync(NpgsqlConnection session, CancellationToken ct)
        => await session.QueryValueAsync<bool>("SELECT EXISTS (SELECT FROM pgbaton.step WHERE name = 'copy' AND done_at IS NOT NULL)", ct) ? Outlook.Done
            : await JournalReader.FindEngineAsync(session, ct) is not null ? Outlook.Engine
            : Outlook.Nobody;

    // Another engine has come, or the journal went while it was read: aborted.
    static bool IsPassed(Exception failure)
        => failure is MigrationException { Code: "PB0205" } or PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName };

    enum Outlook
    {
        Nobody,
        Engine,
        Done,
    }
}

/// <summary>What one process has copied.</summary>
/// <param name="Parts">Of tables; a table that is not cut is one.</param>
/// <param name="Rows">In them.</param>
/// <param name="Bytes">Of the COPY data.</param>
public sealed record CopiedHere(long Parts, long Rows, long Bytes)
{
    /// <summary>Both together.</summary>
    public static CopiedHere operator +(CopiedHere one, CopiedHere other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new(one.Parts + other.Parts, one.Rows + other.Rows, one.Bytes + other.Bytes);
    }

    /// <summary>Both together.</summary>
    public static CopiedHere Add(CopiedHere one, CopiedHere other) => one + other;
}
