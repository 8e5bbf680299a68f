using PgBaton.Postgres;
using PgBaton.Status;

namespace PgBaton;

public sealed partial class Migration
{
    /// <summary>
    /// What the journal has of what happened, in its order; empty without a journal. Reads only and waits for nobody, so that whoever is not the
    /// engine can follow it: the highest <see cref="JournaledEvent.Seq"/> seen is where to go on.
    /// </summary>
    /// <param name="options">The target.</param>
    /// <param name="after">Only later ones; all, if it lies beyond the end, since it was a place in a former journal; null: the newest.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="MigrationException">PB0001, PB0101: the target. PB0201, PB0202: a journal that is not ours.</exception>
    public static async Task<IReadOnlyList<JournaledEvent>> EventsAsync(
        MigrationOptions options, long? after, int most, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var target = ConnectionString.Parse(Side.Target, options.Target);
        await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
        if (!await JournalReader.ExistsAsync(connection, target.Display, ct))
            return [];
        var found = await connection.QueryAsync(
            after is null
                ? "SELECT seq, at, epoch, event::text FROM pgbaton.event ORDER BY seq DESC LIMIT $1"
                : """
                  SELECT seq, at, epoch, event::text FROM pgbaton.event
                   WHERE seq > CASE WHEN $2 > (SELECT max(seq) FROM pgbaton.event) THEN 0 ELSE $2 END
                   ORDER BY seq LIMIT $1
                  """,
            row => new JournaledEvent(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2), JournalTail.Read(row.GetString(3))), ct,
            after is { } seen ? [most, seen] : [most]);
        return [.. found.OrderBy(happened => happened.Seq)];
    }

    /// <summary>The table of steps: the name and the operator's sentence of each, in their order.</summary>
    public static IReadOnlyList<(string Name, string Summary)> Outline => [.. Steps.Select(step => (step.Name, step.Summary))];

    /// <summary>The codes by which <see cref="MigrationOptions.OnlyChecks"/> names a question, in the order in which they are asked.</summary>
    public static IReadOnlyList<string> CheckCodes => [.. Preflight.Checks.All.Select(check => check.Code)];

    /// <summary>From where to where, each as <c>host:port/database</c>, without user and password; null for a side that is not given.</summary>
    /// <exception cref="MigrationException">PB0001.</exception>
    public static (string? Source, string? Target) AddressesOf(MigrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (Display(Side.Source, options.Source), Display(Side.Target, options.Target));

        static string? Display(Side side, string? text) => string.IsNullOrEmpty(text) ? null : ConnectionString.Parse(side, text).Display;
    }
}

/// <summary>An event as the journal keeps it.</summary>
/// <param name="Seq">Its place; rises, with gaps.</param>
/// <param name="At">When.</param>
/// <param name="Epoch">Which engine reported it: each process that took over has a higher one.</param>
/// <param name="Happened">What.</param>
public sealed record JournaledEvent(long Seq, DateTimeOffset At, long Epoch, MigrationEvent Happened);
