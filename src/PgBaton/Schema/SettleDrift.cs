using Npgsql;
using PgBaton.Catalog;
using PgBaton.Gate;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Carries out the word <c>drift</c>: tells what has changed, makes the same changes on the target, or takes them as made by hand. The rows of
/// new tables come afterwards: the journal then lists them as not copied.
/// </summary>
static class SettleDrift
{
    /// <exception cref="MigrationException">PB0509: the changes that are left; PB0510: the target refused one; nothing was changed then.</exception>
    public static async Task RunAsync(Migration migration, WordArguments arguments, CancellationToken ct)
    {
        var told = KnownDifferences.Of(await SchemaComparison.LeftAsync(migration, ct));
        var changes = await SchemaDrift.FindAsync(migration, ct, always: true);
        if (changes.Count > 0 && !arguments.Apply && !arguments.Accept)
            throw Errors.SchemaDrifted(changes, inner: null);
        if (!arguments.Apply && !arguments.Accept)
            return;

        var left = arguments.Apply ? changes.Where(change => change.NeedsPerson).ToList() : [];
        // Whose rows are those of a table by that name is said with the change that only a person can make.
        if (left.Exists(change => !change.KeepsName && !change.IsLeft))
            throw Errors.SchemaDrifted(left, inner: null);
        try
        {
            await SettleAsync(migration, [.. changes.Except(WithWhatNeeds(left, changes))], arguments.Apply, ct);
        }
        catch (MigrationException refusal) when (refusal.SqlState == DriftSteps.UnsafeNewLabel)
        {
            // A label cannot be used in the transaction that adds it.
            await SettleAsync(migration, [.. changes.Where(change => change.Now is [{ Kind: "TYPE" }] && !change.IsNew && !change.NeedsPerson)], apply: true, ct);
            await RunAsync(migration, arguments, ct);
            return;
        }
        catch (MigrationException refusal) when (refusal.Code == "PB0510" && left.Count > 0)
        {
            throw Errors.SchemaDrifted(left, refusal); // It may need what a person has to do.
        }

        if (arguments.Accept) // What the operator has not seen yet is shown first.
            await KnownDifferences.AddAsync(migration, (await SchemaComparison.LeftAsync(migration, ct)).Where(told.Has), ct);
        if (left.Exists(change => !change.IsLeft)) // The others may be level with what was made now; they are looked at afterwards.
            throw Errors.SchemaDrifted(left, inner: null);
    }

    // What stands on something is not changed before it is: the same words would mean another thing.
    static List<SchemaChange> WithWhatNeeds(List<SchemaChange> first, IReadOnlyList<SchemaChange> changes)
    {
        List<SchemaChange> all = [.. first];
        var ids = all.Where(change => !change.IsLeft).SelectMany(change => change.Now).Select(entry => entry.Id).ToHashSet();
        while (changes.Except(all).FirstOrDefault(change => change.Now.Any(entry => entry.Needs.Any(ids.Contains))) is { } next)
        {
            all.Add(next);
            ids.UnionWith(next.Now.Select(entry => entry.Id));
        }

        return all;
    }

    static async Task SettleAsync(Migration migration, IReadOnlyList<SchemaChange> changes, bool apply, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("drift", ct);
        var tables = (await Table.ListAsync(source, ct)).FindAll(new Scope(migration.Options).Includes);
        await using var target = await EntryRun.OpenAsync(migration, "drift", ct);
        await using (var transaction = await target.BeginTransactionAsync(ct))
        {
            await target.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
            if (changes.Count > 0)
            {
                await BringLevelAsync(target, changes, apply, ct);
                await HoldAgain.RunAsync(migration, source, target, ct);
            }

            await ListedTables.UpdateAsync(target, tables, apply ? changes : [.. changes.Where(change => change.HasOtherValues)], ct);
            await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
            await transaction.CommitAsync(ct);
        }

        foreach (var change in changes)
            migration.Report(new Notice($"{change}: {(apply ? "the target was brought level" : "taken as settled by hand")}"));
        await TargetGate.ArmAsync(migration, ct);
    }

    static async Task BringLevelAsync(NpgsqlConnection target, IReadOnlyList<SchemaChange> changes, bool apply, CancellationToken ct)
    {
        var left = await WaitingEntries.ReplaceAsync(target, changes, apply, ct);
        left.AddRange(changes.Where(change => apply && change.ComesLater).SelectMany(change => change.Now));
        var added = NewEntries.Of(changes.Where(change => change.IsNew));
        var there = changes.SelectMany(change => change.There).ToHashSet();
        added = added with { AtOnce = [.. added.AtOnce, .. added.Later.Where(entry => there.Contains(entry.Id))], Later = [.. added.Later.Where(entry => !there.Contains(entry.Id))] };
        var hasOtherPartitions = changes.Any(change => change.Object.StartsWith("TABLE ATTACH ", StringComparison.Ordinal));
        if (apply)
        {
            await DriftSteps.MakeAsync(
                target,
                [
                    .. changes.Where(change => change.IsFirst).Select(Gone),
                    .. changes.Where(change => !change.IsNew && !change.IsGone && !(change.Now is [var only] && left.Contains(only)))
                        .Select(change => new DriftStep(change.Object, change.Statements, change.Otherwise, change.Now.All(IsOnConstraint))),
                    .. changes.Where(change => change.IsGone && !change.IsFirst).Select(Gone),
                    .. added.AtOnce.Select(entry => new DriftStep(
                        entry.Description, there.Contains(entry.Id) ? Armed(entry) : [entry.Definition, .. Armed(entry)], [], IsOnConstraint(entry),
                        MayBeThere: hasOtherPartitions && entry.Table is not null)),
                ], ct);
            added = await added.WithKeptKeysAsync(target, ct);
        }

        foreach (var description in changes.SelectMany(change => change.Was))
            await target.ExecuteAsync("DELETE FROM pgbaton.entry WHERE description = $1", ct, description);
        // What the journal holds from now on is what the source was described as when the changes were found.
        var made = changes.Where(change => !change.IsNew).SelectMany(change => change.Now).Except(left).Concat(added.AtOnce);
        await NewEntries.RecordAsync(target, [.. made, .. apply ? [] : added.Later], [.. left, .. apply ? added.Later : []], ct);
    }

    static DriftStep Gone(SchemaChange change) => new(change.Object, change.Statements, change.Otherwise, MayBeGone: true);

    // One that is held comes back with its comment.
    static bool IsOnConstraint(ArchiveEntry entry) => entry.Kind == "COMMENT" && entry.Name.StartsWith("CONSTRAINT ", StringComparison.Ordinal);

    // Nobody may ever write a table of ours before the cutover.
    static string[] Armed(ArchiveEntry entry) => entry.Kind == "TABLE" ? [GateTriggers.Arm(Sql.Identifier(entry.Schema, entry.Name))] : [];
}
