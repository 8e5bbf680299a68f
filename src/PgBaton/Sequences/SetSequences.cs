using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Sequences;

/// <summary>Sequences are not in the stream of changes: their state is carried over while nobody can write.</summary>
static class SetSequences
{
    public static Task RunAsync(Migration migration, CancellationToken ct)
    {
        var fence = migration.Fence ?? throw Errors.FenceLost(migration.Direction);
        return fence.WithinBudgetAsync(async limited =>
        {
            fence.Sequences = await CarryOverAsync(migration, fence.Sequences, limited);
            migration.Report(new SequencesSet(fence.Sequences.Count));
        }, ct);
    }

    /// <summary>
    /// Sets every sequence of the subscriber exactly where the publisher's stands (or a gap further, if the operator asked for one), and looks again. Takes no value of the publisher.
    /// </summary>
    /// <param name="migration">Says which are in scope.</param>
    /// <param name="known">What an earlier call returned: those that have not moved since are not looked at on the subscriber.</param>
    /// <param name="ct">Breaks it off.</param>
    /// <exception cref="MigrationException">PB0710, PB0711.</exception>
    public static async Task<IReadOnlyCollection<SequenceState>> CarryOverAsync(
        Migration migration, IReadOnlyCollection<SequenceState> known, CancellationToken ct)
    {
        await using var publisher = await migration.Direction.Publisher.OpenAsync("sequences", ct);
        var sequences = await Sequence.ListAsync(publisher, new Scope(migration.Options), ct);
        var gap = (await migration.Journal.FindWordAsync(migration.Direction.Word, ct))?.Arguments.SequenceGap ?? 0;
        var byName = sequences.ToDictionary(sequence => sequence.QualifiedName);
        var wanted = (await SequenceState.ReadAsync(publisher, sequences, !migration.Options.ExistingSchema, ct))
            .ConvertAll(state => state.Ahead(byName[state.Name], gap));
        var moved = wanted.Except(known).ToDictionary(state => state.Name);
        if (moved.Count > 0)
            await SetAsync(migration, sequences.FindAll(sequence => moved.ContainsKey(sequence.QualifiedName)), moved.Values, ct);
        return wanted;
    }

    /// <summary>
    /// Where the publisher's stand at this moment, without a fence: for a side that is given up, whose rows have come from the other. Those that
    /// our role may not set, or that are defined otherwise by now, stay as they are.
    /// </summary>
    public static async Task LevelAsync(Migration migration, Npgsql.NpgsqlConnection subscriber, CancellationToken ct)
    {
        await using var publisher = await migration.Direction.Publisher.OpenAsync("sequences", ct);
        var states = await SequenceState.ReadAsync(publisher, await Sequence.ListAsync(publisher, new Scope(migration.Options), ct), withDefinition: true, ct);
        var ours = (await Sequence.ListAsync(subscriber, ct)).Where(sequence => sequence.IsOurs).ToDictionary(sequence => sequence.QualifiedName, sequence => sequence.Definition);
        await SequenceState.WriteAsync(subscriber, states.FindAll(state => ours.GetValueOrDefault(state.Name) == state.Definition), ct);
    }

    static async Task SetAsync(
        Migration migration, List<Sequence> sequences, IReadOnlyCollection<SequenceState> wanted, CancellationToken ct)
    {
        await using var subscriber = await migration.Direction.Subscriber.OpenAsync("sequences", ct);
        var existing = await FindAsync(subscriber, sequences, ct);
        await using (var transaction = await subscriber.BeginTransactionAsync(ct))
        {
            await subscriber.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
            await JournalEpoch.CheckAsync(subscriber, migration.Journal.Epoch, ct);
            // The publisher's may have been altered since the schema was copied.
            foreach (var state in wanted.Where(state => state.Definition.Length > 0 && state.Definition != existing[state.Name].Definition))
                await subscriber.ExecuteAsync($"ALTER SEQUENCE {state.Name} {state.Definition} RESTART {state.LastValue}", ct);
            await SequenceState.WriteAsync(subscriber, wanted, ct);
            await transaction.CommitAsync(ct);
        }

        var set = await SequenceState.ReadAsync(
            subscriber, (await FindAsync(subscriber, sequences, ct)).Values, !migration.Options.ExistingSchema, ct);
        if (wanted.Except(set).FirstOrDefault() is { } different)
            throw Errors.SequenceDiffers(different.Name);
    }

    // By their names, as they are on the subscriber.
    static async Task<Dictionary<string, Sequence>> FindAsync(Npgsql.NpgsqlConnection subscriber, List<Sequence> sequences, CancellationToken ct)
    {
        var existing = (await Sequence.ListAsync(subscriber, ct)).ToDictionary(sequence => sequence.QualifiedName);
        return sequences.ToDictionary(
            sequence => sequence.QualifiedName,
            sequence => existing.GetValueOrDefault(sequence.QualifiedName) ?? throw Errors.SequenceMissing(sequence.QualifiedName));
    }
}
