using System.Text.RegularExpressions;

namespace PgBaton.Schema;

/// <summary>
/// What became of the source's schema since it was copied. DDL is in no stream, so the source is described once more by pg_dump and compared,
/// object by object, with what the journal holds. Everything pg_dump knows is looked at; nothing has to be normalised, because both texts come
/// from the same server.
/// </summary>
static partial class SchemaDrift
{
    const int Attempts = 5;

    /// <summary>Empty where the target's schema is the operator's own affair.</summary>
    /// <param name="migration">Once its tables are copied, the target is looked at where the source has changed, or where something was left the last time.</param>
    /// <param name="ct">Breaks it off.</param>
    /// <param name="always">The target is looked at whatever has changed: somebody else may have altered it.</param>
    public static async Task<IReadOnlyList<SchemaChange>> FindAsync(Migration migration, CancellationToken ct, bool always = false)
    {
        if (migration.Options.ExistingSchema)
            return [];
        var dumped = await DumpAsync(migration, ct);
        var now = ArchiveScope.Choose(dumped.Entries, migration.Options).Kept;
        var then = await migration.Journal.TakeTurnAsync(c => RecordedEntry.ListAsync(c, ct), ct);
        await using var source = await migration.Source.OpenAsync("drift", ct);
        await using var target = await migration.Target.OpenAsync("drift", ct);
        var differences = ObjectDifferences.Find([.. then], now, await Renaming.FindAsync(source, target, then, now, ct), migration.Options);
        var left = await SchemaComparison.LeftAsync(migration, ct);
        // As long as tables are copied they are locked, and nobody has made anything by hand.
        var isMade = await KnownDifferences.ReadAsync(migration, ct) is not null;
        var there = isMade && (always || differences.Count + left.Count > 0) ? await TargetSchema.TryReadAsync(migration, ct) : null;
        if ((always || left.Count > 0) && there is not null)
            left = await SchemaComparison.StillLeftAsync(migration, there, ct);
        differences.AddRange(ObjectDifferences.Left(left, then, now, differences, migration.Options));
        there = there?.Without(differences.Select(one => one.Renamed?.From));
        var explained = new List<SchemaChange>();
        foreach (var difference in differences)
            explained.Add(IsLevel(difference, there) ? Level(difference) : With(there, await TableChange.ExplainAsync(difference, source, target, ct)));
        return explained;
    }

    // Somebody has made the same change there by hand.
    static bool IsLevel(ObjectDifference difference, TargetSchema? there)
        => there is not null && difference is { Now.Count: > 0, Was.Count: > 0 } && difference.Now.All(there.Has)
            && (difference.Renamed is not { } renamed || !there.Commands.Contains(RecordedEntry.Describe(renamed.From)));

    static SchemaChange Level(ObjectDifference difference)
        => new(difference.Object, $"{difference.What}, and is so on the target", [$"-- {difference.Object} is on the target as it should be"], difference.Was, difference.Now)
        {
            HasOtherValues = difference.Columns.Anew.Count > 0,
        };

    static SchemaChange With(TargetSchema? there, SchemaChange change)
        => there is null ? change : change with { There = change.Now.Where(there.Has).Select(entry => entry.Id).ToHashSet() };

    /// <summary>What was written before it is to be applied before the target is brought level.</summary>
    public static async Task<bool> IsOfValuesAsync(Migration migration, CancellationToken ct) => (await FindAsync(migration, ct)).Any(change => change.IsOfValues);

    // pg_dump fails where an object goes away while it is described: DDL is what is looked for here, so that is to be expected.
    static async Task<SourceSchema> DumpAsync(Migration migration, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Dump.TakeAsync(migration, tellLeftBehind: false, ct);
            }
            catch (MigrationException failure) when (failure.Code == "PB0303" && attempt < Attempts)
            {
                migration.Report(new Notice($"the source's schema could not be read while it changes: {failure.Detail}"));
            }
        }
    }

    /// <summary>The failure of the stream, or the change of the schema that is behind it.</summary>
    public static async Task<MigrationException> ExplainAsync(Migration migration, MigrationException failure, CancellationToken ct)
        => failure.Code is not ("PB0505" or "PB0506" or "PB0507") || await FindAsync(migration, ct) is not { Count: > 0 } changes
            ? failure
            : Errors.SchemaDrifted(changes, failure);

    // How a sequence is defined is carried over with where it stands.
    internal static string Comparable(string kind, string command) => kind == "SEQUENCE" ? Options().Replace(command, "") : command;

    [GeneratedRegex(@"(?:\n    [^\n;]+)+")]
    private static partial Regex Options();
}
