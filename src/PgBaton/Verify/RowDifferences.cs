using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>What the rows of the opened buckets have not in common, gathered from both sides.</summary>
sealed class RowDifferences(IReadOnlyList<string> key)
{
    // Without a key, the row's hashes stand for it.
    readonly Dictionary<(string? Key, long, long), Dictionary<(long, long), Copies>> _byKey = [];

    public static Row Read(NpgsqlDataReader row)
        => new(row.IsDBNull(0) ? null : row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<string[]>(4));

    public void Add(Side side, IEnumerable<Row> rows)
    {
        lock (_byKey)
        {
            foreach (var row in rows)
            {
                var identity = row.Key is null ? (null, row.First, row.Second) : (row.Key, 0L, 0L);
                if (!_byKey.TryGetValue(identity, out var contents))
                    _byKey[identity] = contents = [];
                var copies = contents.GetValueOrDefault((row.First, row.Second), new Copies(0, 0, [], []));
                contents[(row.First, row.Second)] = side == Side.Source
                    ? copies with { Source = copies.Source + row.Count, SourceCtids = [.. copies.SourceCtids, .. row.Ctids] }
                    : copies with { Target = copies.Target + row.Count, TargetCtids = [.. copies.TargetCtids, .. row.Ctids] };
            }
        }
    }

    /// <summary>One for each key, or each row of a table without one, in no order that means anything.</summary>
    public IEnumerable<RowDifference> List()
        => from entry in _byKey
           let differing = entry.Value.Values.Where(copies => copies.Source != copies.Target).ToList()
           where differing.Count > 0
           select Describe(entry.Key.Key, differing, entry.Value.Values);

    /// <summary>Contents of rows that one side has more often than the other.</summary>
    public IEnumerable<Copies> Surplus() => _byKey.Values.SelectMany(contents => contents.Values).Where(copies => copies.Source != copies.Target);

    RowDifference Describe(string? values, List<Copies> differing, IReadOnlyCollection<Copies> all)
    {
        var missing = differing.Find(copies => copies.Source > copies.Target);
        var extra = differing.Find(copies => copies.Target > copies.Source);
        var kind = extra is null ? DifferenceKind.Missing : missing is null ? DifferenceKind.Extra : DifferenceKind.Different;
        return new RowDifference(
            kind, values is null ? null : $"({string.Join(",", key)})={values}",
            all.Sum(copies => copies.Source), all.Sum(copies => copies.Target),
            missing?.SourceCtids[0] ?? extra?.SourceCtids.FirstOrDefault(), extra?.TargetCtids[0] ?? missing?.TargetCtids.FirstOrDefault());
    }

    /// <summary>Equal rows of one side.</summary>
    internal sealed record Row(string? Key, long First, long Second, long Count, string[] Ctids);

    /// <summary>Rows of one content: how many each side has, and where they lie, or where one of them does.</summary>
    internal sealed record Copies(long Source, long Target, string[] SourceCtids, string[] TargetCtids);
}
