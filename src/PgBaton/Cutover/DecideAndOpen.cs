using System.Globalization;
using Npgsql;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Schema;

namespace PgBaton.Cutover;

/// <summary>The decision, and the end of the downtime: the subscriber becomes the writer.</summary>
static class DecideAndOpen
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Fence is { } fence)
            await DecideAndOpenAsync(migration, fence, ct);
        else if (await Decision.IsMadeAsync(migration, ct))
            await OpenAfterCrashAsync(migration, ct);
        else
            throw Errors.FenceLost(migration.Direction);

        var word = await migration.Journal.FindWordAsync(migration.Direction.Word, ct);
        await SwitchHook.RunAsync(migration, word?.Arguments.OnSwitch, ct);
        await Pooler.ResumeAsync(migration, reload: true, ct);
        await Opening.AfterOpenAsync(migration, ct);
        await WaitForHost.RunAsync(migration, word?.Arguments.WaitFor, ct);
        if (word is not null)
            await migration.Journal.EndWordAsync(word, ExitCode.Done, null, ct);
        if (!migration.Direction.IsBack)
            await SchemaComparison.RunAgainAsync(migration, ct);
    }

    // What the subscriber needs is done, not committed, before the decision: if it fails, the fence is lifted and nothing remains.
    static async Task DecideAndOpenAsync(Migration migration, Fence fence, CancellationToken ct)
    {
        var direction = migration.Direction;
        await using var subscriber = await direction.Subscriber.OpenAsync("open", ct);
        await fence.WithinBudgetAsync(async limited =>
        {
            await fence.SealAsync(limited);
            await PrepareAsync(subscriber, migration, limited);
            await fence.DecideAsync(limited);
        }, ct);
        migration.Report(new Decided(direction.Subscriber.Name));
        await CommitAsync(subscriber, migration, Lane.Of(migration.Options).HoldsWriters ? null : () => fence.Elapsed, ct);
        await EndSessionsAsync(migration, ct);
        await fence.DisposeAsync();
        migration.Fence = null;
    }

    static async Task OpenAfterCrashAsync(Migration migration, CancellationToken ct)
    {
        var name = migration.Direction.Subscriber.Name;
        if (await migration.Journal.GetFactAsync(Fact.Writer, ct) == name)
            return;
        migration.Report(new Decided(name));
        await using var subscriber = await migration.Direction.Subscriber.OpenAsync("open", ct);
        await PrepareAsync(subscriber, migration, ct);
        await CommitAsync(subscriber, migration, elapsed: null, ct);
        await EndSessionsAsync(migration, ct);
    }

    static async Task PrepareAsync(NpgsqlConnection subscriber, Migration migration, CancellationToken ct)
    {
        await subscriber.ExecuteAsync("BEGIN", ct);
        await subscriber.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
        await Opening.BeforeOpenAsync(migration, subscriber, ct);
        await ReadOnlyDefault.PutBackAsync(subscriber, migration, migration.Direction.Subscriber, ct);
        var mayCloseAgain = await migration.Journal.GetFactAsync(Fact.WayBack, ct) is null;
        await GateRow.OpenAsync(subscriber, mayCloseAgain, ct);
        await JournalEpoch.CheckAsync(subscriber, migration.Journal.Epoch, ct);
    }

    // The downtime so far; null: by the journal, which another process may have written.
    static async Task CommitAsync(NpgsqlConnection subscriber, Migration migration, Func<TimeSpan>? elapsed, CancellationToken ct)
    {
        await subscriber.ExecuteAsync("COMMIT", ct);
        var seconds = (elapsed?.Invoke() ?? await SinceFencedAsync(migration, ct)).TotalSeconds;
        await migration.Journal.SetFactAsync(Fact.Downtime, seconds.ToString(CultureInfo.InvariantCulture), ct);
        await migration.Journal.SetFactAsync(Fact.Writer, migration.Direction.Subscriber.Name, ct);
        migration.Report(migration.Direction.IsBack ? new SourceOpened(seconds) : new TargetOpened(seconds));
    }

    static async Task<TimeSpan> SinceFencedAsync(Migration migration, CancellationToken ct)
        => await migration.Journal.GetFactAsync(Fact.FencedAt, ct) is { } fencedAt
            ? migration.Time.GetUtcNow() - DateTimeOffset.Parse(fencedAt, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
            : TimeSpan.Zero;

    // Once more, now that whoever comes back reads the decision: sessions may have begun since the last time.
    static async Task EndSessionsAsync(Migration migration, CancellationToken ct)
    {
        if (await OtherSessions.EndAsync(migration, isAgain: true, ct) is var left and > 0)
        {
            migration.Report(new Warning(
                "PB0801", $"{left} sessions on the old {migration.Direction.Publisher.Name} could not be ended, or came back at once",
                $"They cannot write any table of this migration. Point their application at the {migration.Direction.Subscriber.Name}."));
        }
    }
}
