using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>How the labels of an enum have changed, and the commands that change them likewise. None can be taken away: what stands in its place is its new name.</summary>
static class EnumChange
{
    const string Labels = "SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype($1) ORDER BY enumsortorder";

    /// <param name="type">Qualified and quoted. Nothing is said of what is no enum.</param>
    /// <param name="history">As <see cref="ColumnHistory.NumbersAsync"/> has it, then and now.</param>
    /// <param name="source">Where it is as it should be.</param>
    /// <param name="target">Where it is not.</param>
    /// <param name="ct">Breaks it off.</param>
    /// <returns>Words without commands where the type was made anew with other labels: a person has to say what becomes of the rows.</returns>
    public static async Task<(List<string> Words, List<string> Statements)> ExplainAsync(
        string type, ColumnHistory history, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var here = await source.QueryAsync(Labels, row => row.GetString(0), ct, type);
        var there = await target.QueryAsync(Labels, row => row.GetString(0), ct, type);
        if (here.SequenceEqual(there))
            return ([], []);
        if (Taken(history) is { Count: > 0 } taken)
            return (taken.ConvertAll(label => $"label {Sql.Literal(label.From)} is named {Sql.Literal(label.To)} now, and another is named {Sql.Literal(label.From)}"), []);
        return TryAlign(here, there) is { } change ? (change.ConvertAll(Words), [.. Statements(type, here, change)])
            : ([$"its labels are {List(here)}, and were {List(there)}"], []);
    }

    // Its rows have the new name, and nothing but their oid says so: those that the stream brings by the former name may be of before or of after.
    static List<(string From, string To)> Taken(ColumnHistory history)
    {
        if (!history.IsKnown)
            return [];
        var (then, now) = (ByOid(history.Then!), ByOid(history.Now!));
        return [.. then.Where(label => now.TryGetValue(label.Key, out var name) && name != label.Value && now.ContainsValue(label.Value)).Select(label => (label.Value, now[label.Key]))];
    }

    static Dictionary<string, string> ByOid(IReadOnlyList<string?> labels) => labels.OfType<string>().Select(label => label.Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    // Between labels that both have: as many as before are the same ones under other names, where there were none they are new. Else nobody can say.
    static List<(string? Former, string Now)>? TryAlign(List<string> here, List<string> there)
    {
        var common = here.FindAll(there.Contains);
        if (!common.SequenceEqual(there.FindAll(here.Contains)))
            return null;
        var changes = new List<(string? Former, string Now)>();
        var (i, j) = (0, 0);
        foreach (var end in common.Append(null))
        {
            var now = here[i..(end is null ? here.Count : here.IndexOf(end))];
            var former = there[j..(end is null ? there.Count : there.IndexOf(end))];
            if (former.Count > 0 && former.Count != now.Count)
                return null;
            changes.AddRange(now.Select((label, place) => (former.ElementAtOrDefault(place), label)));
            (i, j) = (i + now.Count + 1, j + former.Count + 1);
        }

        return changes;
    }

    static string Words((string? Former, string Now) label)
        => label.Former is null ? $"label {Sql.Literal(label.Now)} is new" : $"label {Sql.Literal(label.Former)} is named {Sql.Literal(label.Now)} now";

    // The last of the new ones first, so that the one it stands before is there.
    static IEnumerable<string> Statements(string type, List<string> here, List<(string? Former, string Now)> labels)
    {
        foreach (var (former, now) in labels.Where(label => label.Former is not null))
            yield return $"ALTER TYPE {type} RENAME VALUE {Sql.Literal(former!)} TO {Sql.Literal(now)};";
        foreach (var (_, now) in Enumerable.Reverse(labels).Where(label => label.Former is null))
        {
            var next = here.IndexOf(now) + 1;
            yield return $"ALTER TYPE {type} ADD VALUE {Sql.Literal(now)}{(next < here.Count ? $" BEFORE {Sql.Literal(here[next])}" : "")};";
        }
    }

    static string List(List<string> labels) => string.Join(", ", labels.Select(Sql.Literal));
}
