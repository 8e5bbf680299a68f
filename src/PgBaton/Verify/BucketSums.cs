using System.Numerics;
using Npgsql;

namespace PgBaton.Verify;

/// <summary>The sums of one side's rows, by bucket. Pieces are added in any order.</summary>
sealed class BucketSums(int buckets)
{
    readonly BucketSum[] _sums = new BucketSum[buckets];

    public BucketSum Total => _sums.Aggregate(default(BucketSum), (total, sum) => total + sum);

    public static (int Bucket, BucketSum Sum) Read(NpgsqlDataReader row)
        => (row.GetInt32(0), new BucketSum(row.GetInt64(1), Truncate(row.GetFieldValue<BigInteger>(2)), Truncate(row.GetFieldValue<BigInteger>(3))));

    public void Add(IEnumerable<(int Bucket, BucketSum Sum)> rows)
    {
        lock (_sums)
        {
            foreach (var (bucket, sum) in rows)
                _sums[bucket] += sum;
        }
    }

    /// <summary>Buckets that are not the same on both sides, with the rows they hold on both sides together.</summary>
    public IEnumerable<(int Bucket, long Rows)> DifferingFrom(BucketSums other)
    {
        for (var bucket = 0; bucket < _sums.Length; bucket++)
        {
            if (_sums[bucket] != other._sums[bucket])
                yield return (bucket, _sums[bucket].Rows + other._sums[bucket].Rows);
        }
    }

    static ulong Truncate(BigInteger sum) => (ulong)(sum & ulong.MaxValue);
}

/// <summary>Number of rows, and the sums of their two hashes modulo 2^64.</summary>
readonly record struct BucketSum(long Rows, ulong First, ulong Second)
{
    public static BucketSum operator +(BucketSum left, BucketSum right)
        => new(left.Rows + right.Rows, unchecked(left.First + right.First), unchecked(left.Second + right.Second));

    /// <summary>32 hex digits.</summary>
    public override string ToString() => $"{First:x16}{Second:x16}";
}
