using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>What the rows of the opened buckets have not in common, gathered from both sides.</summary>
sealed class RowDifferences(IReadOnlyList<string> key)
{
    // Without a key, the row's hashes stand for it.
    readonly Dictionary<(string? Key, long, long), Dictionary<(long, long), Copies>> _byKey = [];

    public static Row Read(NpgsqlDataReader row)
        => new(row.IsDBNull(0) ? null : row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4));

    public void Add(Side side, IEnumerable<Row> rows)
    {
        lock (_byKey)
        {
            foreach (var row in rows)
            {
                var identity = row.Key is null ? (null, row.First, row.Second) : (row.Key, 0L, 0L);
                if (!_byKey.TryGetValue(identity, out var contents))
                    _byKey[identity] = contents = [];
                var copies = contents.GetValueOrDefault((row.First, row.Second), new Copies());
                contents[(row.First, row.Second)] = side == Side.Source
                    ? copies with { Source = copies.Source + row.Count, SourceCtid = row.Ctid }
                    : copies with { Target = copies.Target + row.Count, TargetCtid = row.Ctid };
            }
        }
    }

    /// <summary>One for each key, or each row of a table without one, in no order that means anything.</summary>
    public IEnumerable<RowDifference> List()
        => from entry in _byKey
           let differing = entry.Value.Values.Where(copies => copies.Source != copies.Target).ToList()
           where differing.Count > 0
           select Describe(entry.Key.Key, differing, entry.Value.Values);

    RowDifference Describe(string? values, List<Copies> differing, IReadOnlyCollection<Copies> all)
    {
        var missing = differing.Find(copies => copies.Source > copies.Target);
        var extra = differing.Find(copies => copies.Target > copies.Source);
        var kind = extra is null ? DifferenceKind.Missing : missing is null ? DifferenceKind.Extra : DifferenceKind.Different;
        return new RowDifference(
            kind, values is null ? null : $"({string.Join(",", key)})={values}",
            all.Sum(copies => copies.Source), all.Sum(copies => copies.Target),
            missing?.SourceCtid ?? extra?.SourceCtid, extra?.TargetCtid ?? missing?.TargetCtid);
    }

    /// <summary>Equal rows of one side.</summary>
    internal sealed record Row(string? Key, long First, long Second, long Count, string Ctid);

    sealed record Copies(long Source = 0, long Target = 0, string? SourceCtid = null, string? TargetCtid = null);
}
