using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Sequences;

/// <summary>Sequences are not in the stream of changes: their state is carried over while nobody can write.</summary>
static class SetSequences
{
    public static Task RunAsync(Migration migration, CancellationToken ct)
    {
        var fence = migration.Fence ?? throw Errors.FenceLost();
        return fence.WithinBudgetAsync(async limited =>
        {
            fence.Sequences = await CarryOverAsync(migration, fence.Sequences, limited);
            migration.Report(new SequencesSet(fence.Sequences.Count));
        }, ct);
    }

    /// <summary>
    /// Sets every sequence of the target exactly where the source's stands, and looks again. Takes no value of the source.
    /// </summary>
    /// <param name="migration">Says which are in scope.</param>
    /// <param name="known">What an earlier call returned: those that have not moved since are not looked at on the target.</param>
    /// <param name="ct">Breaks it off.</param>
    /// <exception cref="MigrationException">PB0710, PB0711.</exception>
    public static async Task<IReadOnlyCollection<SequenceState>> CarryOverAsync(
        Migration migration, IReadOnlyCollection<SequenceState> known, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("sequences", ct);
        var sequences = await Sequence.ListAsync(source, new Scope(migration.Options), ct);
        var wanted = await SequenceState.ReadAsync(source, sequences, !migration.Options.ExistingSchema, ct);
        var moved = wanted.Except(known).ToDictionary(state => state.Name);
        if (moved.Count > 0)
            await SetAsync(migration, sequences.FindAll(sequence => moved.ContainsKey(sequence.QualifiedName)), moved.Values, ct);
        return wanted;
    }

    static async Task SetAsync(
        Migration migration, List<Sequence> sequences, IReadOnlyCollection<SequenceState> wanted, CancellationToken ct)
    {
        await using var target = await migration.Target.OpenAsync("sequences", ct);
        var existing = await FindAsync(target, sequences, ct);
        await using (var transaction = await target.BeginTransactionAsync(ct))
        {
            await target.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
            await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
            // The source may have been altered since its schema was copied.
            foreach (var state in wanted.Where(state => state.Definition.Length > 0 && state.Definition != existing[state.Name].Definition))
                await target.ExecuteAsync($"ALTER SEQUENCE {state.Name} {state.Definition} RESTART {state.LastValue}", ct);
            await SequenceState.WriteAsync(target, wanted, ct);
            await transaction.CommitAsync(ct);
        }

        var set = await SequenceState.ReadAsync(
            target, (await FindAsync(target, sequences, ct)).Values, !migration.Options.ExistingSchema, ct);
        if (wanted.Except(set).FirstOrDefault() is { } different)
            throw Errors.SequenceDiffers(different.Name);
    }

    // By their names, as they are on the target.
    static async Task<Dictionary<string, Sequence>> FindAsync(Npgsql.NpgsqlConnection target, List<Sequence> sequences, CancellationToken ct)
    {
        var existing = (await Sequence.ListAsync(target, ct)).ToDictionary(sequence => sequence.QualifiedName);
        return sequences.ToDictionary(
            sequence => sequence.QualifiedName,
            sequence => existing.GetValueOrDefault(sequence.QualifiedName) ?? throw Errors.SequenceMissing(sequence.QualifiedName));
    }
}
