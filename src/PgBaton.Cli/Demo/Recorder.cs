namespace PgBaton.Cli.Demo;

/// <summary>What the library reported, as far as the report at the end tells it. Events come from several threads.</summary>
sealed class Recorder(TimeProvider time)
{
    readonly Lock _lock = new();
    readonly List<(string Step, double Seconds)> _steps = [];

    /// <summary>In the order they were done.</summary>
    public IReadOnlyList<(string Step, double Seconds)> Steps => _steps;

    /// <summary>Copied rows, and their bytes as they went over the wire.</summary>
    public (long Rows, long Bytes) Copied { get; private set; }

    public int TablesCopied { get; private set; }

    public Dictionary<string, TableVerified> Verified { get; } = [];

    public LagMeasured? LargestLag { get; private set; }

    /// <summary>The last measurement before the fence.</summary>
    public LagMeasured? LagAtCutover { get; private set; }

    public double? DowntimeSeconds { get; private set; }

    public double? FenceSeconds { get; private set; }

    /// <summary>When the fence was asked for, by the monotonic clock; the end of time as long as it was not.</summary>
    public long FenceAsked { get; private set; } = long.MaxValue;

    public void See(MigrationEvent happened)
    {
        lock (_lock)
        {
            switch (happened)
            {
                case StepDone step:
                    _steps.Add((step.Step, step.Seconds));
                    break;
                case TableCopied table:
                    Copied = (Copied.Rows + table.Rows, Copied.Bytes + table.Bytes);
                    TablesCopied++;
                    break;
                case TableVerified table:
                    Verified[table.Table] = table;
                    break;
                case LagMeasured lag:
                    LargestLag = LargestLag is { } largest && largest.Bytes >= lag.Bytes ? largest : lag;
                    LagAtCutover = FenceSeconds is null ? lag : LagAtCutover;
                    break;
                case FenceSet fence:
                    FenceSeconds = fence.Seconds;
                    FenceAsked = time.GetTimestamp() - (long)(fence.Seconds * time.TimestampFrequency);
                    break;
                case TargetOpened opened:
                    DowntimeSeconds = opened.DowntimeSeconds;
                    break;
            }
        }
    }
}
