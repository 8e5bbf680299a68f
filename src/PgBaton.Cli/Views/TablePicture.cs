namespace PgBaton.Cli.Views;

/// <summary>The copy of one table.</summary>
sealed class TablePicture(string name)
{
    public string Name => name;

    public Pace Pace { get; } = new();

    /// <summary>As large as the table is on the source, once its rows are here: what went over the wire is often less.</summary>
    public long BytesDone => IsDone ? BytesTotal : Math.Min(Pace.Value, BytesTotal);

    public long BytesTotal { get; private set; }

    public bool IsDone { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    public double Share => IsDone ? 1 : BytesTotal == 0 ? 0 : (double)BytesDone / BytesTotal;

    public void Progress(DateTimeOffset at, CopyProgress progress)
    {
        BytesTotal = progress.BytesTotal;
        IsDone = false;
        ChangedAt = at;
        Pace.Add(at, progress.BytesDone);
    }

    public void Finish(DateTimeOffset at, TableCopied copied)
    {
        BytesTotal = Math.Max(BytesTotal, copied.Bytes);
        IsDone = true;
        ChangedAt = at;
    }
}
