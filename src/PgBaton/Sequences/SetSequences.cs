using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Sequences;

/// <summary>Sequences are not in the stream of changes: their state is carried over while nobody can write.</summary>
static class SetSequences
{
    public static Task RunAsync(Migration migration, CancellationToken ct)
        => (migration.Fence ?? throw Errors.FenceLost()).WithinBudgetAsync(async limited =>
        {
            migration.Report(new SequencesSet(await CarryOverAsync(migration, limited)));
        }, ct);

    /// <summary>
    /// Sets every sequence of the target that does not stand where the source's stands, exactly there, and looks again. Takes no value of
    /// the source. Returns how many sequences there are.
    /// </summary>
    /// <exception cref="MigrationException">PB0710, PB0711.</exception>
    public static async Task<int> CarryOverAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("sequences", ct);
        await using var target = await migration.Target.OpenAsync("sequences", ct);
        var sequences = await Sequence.ListAsync(source, new Scope(migration.Options), ct);
        var known = (await Sequence.ListAsync(target, ct)).Select(sequence => sequence.QualifiedName).ToHashSet();
        if (sequences.Find(sequence => !known.Contains(sequence.QualifiedName)) is { } missing)
            throw Errors.SequenceMissing(missing.QualifiedName);

        var wanted = await SequenceState.ReadAsync(source, sequences, ct);
        var behind = wanted.Except(await SequenceState.ReadAsync(target, sequences, ct)).ToList();
        if (behind.Count == 0)
            return sequences.Count;

        await using (var transaction = await target.BeginTransactionAsync(ct))
        {
            await target.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
            await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
            await SequenceState.WriteAsync(target, behind, ct);
            await transaction.CommitAsync(ct);
        }

        if (wanted.Except(await SequenceState.ReadAsync(target, sequences, ct)).FirstOrDefault() is { } different)
            throw Errors.SequenceDiffers(different.Name);
        return sequences.Count;
    }
}
