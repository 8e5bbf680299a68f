namespace PgBaton.Verify;

/// <summary>How far a run is: told once a second at first, seldom in a long one, and when it is through.</summary>
sealed class Reach(Action<MigrationEvent> report, TimeProvider time)
{
    const double Reports = 200;

    static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);

    readonly Lock _turn = new();
    readonly long _begun = time.GetTimestamp();
    long _told = time.GetTimestamp();
    long _done, _total;

    /// <summary>So much more is to be read on the source.</summary>
    public void Expect(long bytes)
    {
        lock (_turn)
            _total += bytes;
    }

    /// <summary>A piece of a table was read on the source.</summary>
    public void Add(string table, long tableDone, long tableTotal, long bytes)
    {
        lock (_turn)
        {
            _done += bytes;
            if (time.GetElapsedTime(_told) < Interval() && _done < _total)
                return;
            _told = time.GetTimestamp();
            report(new VerifyProgress(table, tableDone, tableTotal, Math.Min(_done, _total), _total));
        }
    }

    TimeSpan Interval() => time.GetElapsedTime(_begun) / Reports is var part && part > _shortest ? part : _shortest;
}
