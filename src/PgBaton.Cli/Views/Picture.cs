namespace PgBaton.Cli.Views;

/// <summary>What the events so far add up to. Knows no terminal; one consumer.</summary>
sealed class Picture
{
    const int Trend = 24;
    const int Messages = 5;

    readonly Dictionary<string, TablePicture> _tables = [];
    readonly List<LagMeasured> _lags = [];
    readonly List<(DateTimeOffset At, string Text)> _messages = [];
    readonly Dictionary<string, StepPicture> _steps = [];

    /// <summary>In the order of the table of steps, all of them.</summary>
    public IEnumerable<StepPicture> Steps => Migration.Steps.Select(step => _steps.GetValueOrDefault(step.Name) ?? new StepPicture(step.Name, Before(step.Name)));

    /// <summary>Of all tables that were heard of.</summary>
    public Pace Copy { get; } = new();

    public long BytesTotal => _tables.Values.Sum(table => table.BytesTotal);

    public IReadOnlyCollection<TablePicture> Tables => _tables.Values;

    public int TablesCopied => _tables.Values.Count(table => table.IsDone);

    /// <summary>Of the step that runs; oldest first.</summary>
    public IReadOnlyList<LagMeasured> Lags => _lags;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Text)> LastMessages => _messages;

    public Dictionary<string, TableVerified> Verified { get; } = [];

    /// <summary>Bytes of the source that the verification under way has read.</summary>
    public Pace Verifying { get; } = new();

    /// <summary>What it has to read; 0 while there is none.</summary>
    public long BytesToVerify { get; private set; }

    public int IndexesBuilt { get; private set; }

    public double? DowntimeSeconds { get; private set; }

    /// <summary>What a rehearsal found; null without one.</summary>
    public Rehearsed? Rehearsed { get; private set; }

    public void See(DateTimeOffset at, MigrationEvent happened)
    {
        switch (happened)
        {
            case StepStarted step:
                foreach (var later in Migration.Steps.SkipWhile(s => s.Name != step.Step)) // After a cutover that failed, or a rollback.
                    _steps.Remove(later.Name);
                _lags.Clear();
                _steps[step.Step] = new StepPicture(step.Step, StepState.Running) { StartedAt = at };
                break;
            case StepDone step:
                _steps[step.Step] = new StepPicture(step.Step, StepState.Done) { Seconds = step.Seconds };
                break;
            case StepUndone step:
                _steps[step.Step] = new StepPicture(step.Step, StepState.Undone);
                break;
            case CopyProgress progress:
                Of(progress.Table).Progress(at, progress);
                Copy.Add(at, _tables.Values.Sum(table => table.BytesDone));
                break;
            case TableCopied copied:
                Of(copied.Table).Finish(at, copied);
                Copy.Add(at, _tables.Values.Sum(table => table.BytesDone));
                break;
            case IndexBuilt:
                IndexesBuilt++;
                break;
            case LagMeasured lag:
                Keep(_lags, lag, Trend);
                break;
            case TableVerified verified:
                Verified[verified.Table] = verified;
                break;
            case VerifyProgress progress:
                BytesToVerify = progress.AllBytesDone < progress.AllBytesTotal ? progress.AllBytesTotal : 0;
                Verifying.Add(at, progress.AllBytesDone);
                break;
            default:
                SeeMessage(at, happened);
                break;
        }
    }

    void SeeMessage(DateTimeOffset at, MigrationEvent happened)
    {
        DowntimeSeconds = happened switch
        {
            TargetOpened opened => opened.DowntimeSeconds,
            SourceOpened opened => opened.DowntimeSeconds,
            _ => DowntimeSeconds,
        };
        Rehearsed = happened as Rehearsed ?? Rehearsed;
        if (happened is FenceLifted)
            StopInsideFence();
        if (Sentence.Of(happened) is not { } sentence)
            return;
        Keep(_messages, (at, sentence), Messages);
    }

    void StopInsideFence()
    {
        foreach (var step in Migration.Steps.Where(step => step.IsFenced))
            _steps.Remove(step.Name);
    }

    // A step that an earlier process did is done, though this one never heard of it.
    StepState Before(string name)
        => Migration.Steps.SkipWhile(step => step.Name != name).Skip(1).Any(step => _steps.GetValueOrDefault(step.Name)?.State is StepState.Running or StepState.Done)
            ? StepState.Done : StepState.Waiting;

    TablePicture Of(string table)
    {
        if (!_tables.TryGetValue(table, out var known))
            _tables[table] = known = new TablePicture(table);
        return known;
    }

    static void Keep<T>(List<T> list, T newest, int count)
    {
        list.Add(newest);
        if (list.Count > count)
            list.RemoveAt(0);
    }
}

/// <summary>Where a step is, as far as this process has heard.</summary>
enum StepState
{
    Waiting,
    Running,
    Done,
    Undone,
}

/// <summary>One line of the table of steps.</summary>
sealed record StepPicture(string Name, StepState State)
{
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null for a step that was done by an earlier process.</summary>
    public double? Seconds { get; init; }
}
