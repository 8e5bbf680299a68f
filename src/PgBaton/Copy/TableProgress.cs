namespace PgBaton.Copy;

/// <summary>Says how far a table is, four times a second at most. Called by all workers that copy a part of it.</summary>
sealed class TableProgress(CopyRoute route, TableCopy table)
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    readonly long _started = route.Time.GetTimestamp();
    long _reported = route.Time.GetTimestamp();
    long _bytes;

    /// <summary>Since its first part began.</summary>
    public double Seconds => route.Time.GetElapsedTime(_started).TotalSeconds;

    public void Add(int bytes)
    {
        var done = Interlocked.Add(ref _bytes, bytes);
        var (last, now) = (Interlocked.Read(ref _reported), route.Time.GetTimestamp());
        if (route.Time.GetElapsedTime(last, now) >= _interval && Interlocked.CompareExchange(ref _reported, now, last) == last)
            route.Report(new CopyProgress(table.ToString(), done, table.Source.Bytes));
    }

    /// <summary>A part of it is on the target.</summary>
    public void PartDone() => route.Report(new CopyProgress(table.ToString(), Interlocked.Read(ref _bytes), table.Source.Bytes));
}
