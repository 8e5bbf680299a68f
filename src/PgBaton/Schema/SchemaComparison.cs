using System.Text.Json;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Whether the target has become what the source was: pg_dump describes the target as it described the source, and the two are compared object by object.
/// Done when everything is made, after what was settled, before either move of the writers, and once more when what was held back is not any longer; the journal keeps
/// the newest answer for <c>status</c>.
/// </summary>
static class SchemaComparison
{
    const int Told = 20;

    static readonly string[] _toldOnTheWayBack =
        ["INDEX", "CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT", "TRIGGER", "RULE", "POLICY", "VIEW", "MATERIALIZED VIEW", "FUNCTION", "PROCEDURE", "AGGREGATE", "TYPE", "DOMAIN"];

    // Made for the way back.
    static readonly string[] _ours = ["PUBLICATION", "SUBSCRIPTION", "DATABASE"];

    /// <summary>Never ends a migration: what differs is a warning (PB0316), and so is that nothing could be compared (PB0317).</summary>
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Options.ExistingSchema)
            return;
        var status = await TryAsync(migration, ct);
        var isFirst = !migration.Direction.IsBack && await KnownDifferences.ReadAsync(migration, ct) is null;
        await TellAsync(migration, isFirst ? WithoutOthers(status) : status, ct);
    }

    /// <summary>
    /// When everything has been made. What differs by then does so by the migration's own doing, or because the servers do; what is on the target only was
    /// there before. Only that may ever differ, unless somebody accepts more.
    /// </summary>
    public static async Task RunFirstAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Options.ExistingSchema)
            return;
        var first = await TryAsync(migration, ct);
        await TellAsync(migration, WithoutOthers(first), ct);
        if (first.NotCompared is null)
            await KnownDifferences.AddAsync(migration, first.Differences, ct);
    }

    // What is on the target only may have been there before.
    static SchemaStatus WithoutOthers(SchemaStatus status) => status with { Differences = [.. status.Differences.Where(difference => difference.Source is not null)] };

    static async Task TellAsync(Migration migration, SchemaStatus status, CancellationToken ct)
    {
        await StoreAsync(migration, status, ct);
        if (status.NotCompared is not { } reason)
            migration.Report(new SchemaCompared(status.Compared, status.Waiting, status.Differences.Count));
        else
            migration.Report(new Warning("PB0317", $"the schemas of both sides could not be compared: {reason}", "The migration goes on; compare what pg_dump prints of both sides yourself."));
        foreach (var difference in status.Differences.Take(Told))
            migration.Report(new Warning("PB0316", $"{difference.Object} {difference.What}", "\"pgbaton status --json\" shows both definitions."));
        if (status.Differences.Count > Told)
            migration.Report(new Warning("PB0316", $"{status.Differences.Count - Told} more objects differ", "\"pgbaton status --json\" names them all."));
    }

    /// <summary>What drift left, or somebody did on the target, and nobody has taken as settled, by the newest comparison.</summary>
    public static async Task<IReadOnlyList<SchemaDifference>> LeftAsync(Migration migration, CancellationToken ct)
    {
        if (await KnownDifferences.ReadAsync(migration, ct) is not { } known || await LastAsync(migration, ct) is not { } last)
            return [];
        return [.. last.Differences.Where(difference => !known.Has(difference))];
    }

    /// <summary>The same, of the target as it is described now.</summary>
    public static async Task<IReadOnlyList<SchemaDifference>> StillLeftAsync(Migration migration, TargetSchema there, CancellationToken ct)
    {
        await StoreAsync(migration, await CompareAsync(migration, there, ct), ct);
        return await LeftAsync(migration, ct);
    }

    static async Task<SchemaStatus?> LastAsync(Migration migration, CancellationToken ct)
        => await migration.Journal.GetFactAsync(Fact.SchemaCompared, ct) is { } json ? SchemaStatusText.Read(json) : null;

    static Task StoreAsync(Migration migration, SchemaStatus status, CancellationToken ct)
        => migration.Journal.SetFactAsync(Fact.SchemaCompared, JsonSerializer.Serialize(status, PgBatonJson.Journal.SchemaStatus), ct);

    /// <summary>Once more, if something was held back or differed the last time.</summary>
    public static async Task RunAgainAsync(Migration migration, CancellationToken ct)
    {
        if (await LastAsync(migration, ct) is not { Waiting: 0, Differences.Count: 0, NotCompared: null })
            await RunAsync(migration, ct);
    }

    static async Task<SchemaStatus> TryAsync(Migration migration, CancellationToken ct)
    {
        try
        {
            return await CompareAsync(migration, await TargetSchema.ReadAsync(migration, ct), ct);
        }
        catch (MigrationException failure) when (failure.Code is "PB0301" or "PB0302" or "PB0303" or "PB0304")
        {
            return new(migration.Time.GetUtcNow(), 0, 0, [], failure.Code == "PB0302" ? "pg_dump is older than the target" : failure.Detail ?? failure.Message);
        }
    }

    static async Task<SchemaStatus> CompareAsync(Migration migration, TargetSchema schema, CancellationToken ct)
    {
        await using var journal = await migration.Target.OpenAsync("compare", ct);
        var made = await journal.QueryAsync(
            "SELECT description, kind, command, outcome FROM pgbaton.entry WHERE kind NOT IN ('ROLE', 'MATERIALIZED VIEW DATA') ORDER BY position",
            row => new Made(row.GetString(0), row.GetString(1), row.GetString(2), row.GetNullable<string>(3)), ct);
        var waits = new WaitingText(await journal.QueryAsync(
            "SELECT phase, description, command FROM pgbaton.waiting WHERE done_at IS NULL", row => new Waiting(row.GetString(0), row.GetString(1), row.GetString(2)), ct));
        var differences = Differ(made, schema).ToList();
        var waiting = differences.RemoveAll(difference => waits.Excuses(difference.Kind, difference.Difference, schema));
        var known = await KnownDifferences.ReadAsync(migration, ct);
        differences.AddRange(New(made, schema, migration.Direction)
            .Where(difference => known?.Has(difference) != true && !waits.IsSwitch(difference.Target!)).Select(difference => ("", difference)));
        return new(migration.Time.GetUtcNow(), made.Count, waiting, [.. differences.Select(difference => difference.Difference)], NotCompared: null);
    }

    // What somebody made there by hand, or the writer got after the cutover, or the source has no longer. Of tables and what comes with them a rollback tells otherwise.
    static IEnumerable<SchemaDifference> New(List<Made> made, TargetSchema there, Direction direction)
    {
        var known = made.Select(entry => entry.Description).ToHashSet();
        return from found in there.Commands
               where there.Chosen.Contains(found.Key) && !known.Contains(found.Key) && (direction.IsBack ? IsAny(found.Key, _toldOnTheWayBack) : !IsAny(found.Key, _ours))
               select new SchemaDifference(found.Key, "is on the target only", Source: null, found.First());
    }

    static bool IsAny(string description, string[] kinds) => Array.Exists(kinds, kind => description.StartsWith($"{kind} ", StringComparison.Ordinal));

    // Of those that were made; what was decided otherwise has been told of with its reason.
    static IEnumerable<(string Kind, SchemaDifference Difference)> Differ(List<Made> made, TargetSchema there)
    {
        foreach (var group in made.Where(entry => entry.Outcome is "done" or "waits").GroupBy(entry => entry.Description))
        {
            var left = there.Commands[group.Key].ToList();
            foreach (var entry in group)
            {
                var equal = left.FindIndex(command => there.AreEqual(entry.Kind, entry.Command, command));
                if (equal >= 0)
                    left.RemoveAt(equal);
                else if (left.Count == 0)
                    yield return (entry.Kind, new(entry.Description, "is not on the target", entry.Command, Target: null));
                else
                    yield return (entry.Kind, new(entry.Description, "is defined differently on the target", entry.Command, left[0]));
            }
        }
    }

    sealed record Made(string Description, string Kind, string Command, string? Outcome);
}
