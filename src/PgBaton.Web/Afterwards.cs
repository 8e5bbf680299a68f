namespace PgBaton.Web;

/// <summary>
/// What this process tells of a migration beside its journal: what stopped it here, and how it ended. Both hold until somebody gets on with it, which
/// may as well be another process: then a look at the journal shows it.
/// </summary>
sealed class Afterwards(TimeProvider time)
{
    readonly Lock _lock = new();
    readonly List<Ending> _reported = [];
    (ErrorReport Error, long At)? _failure;
    (Ending Ending, long At)? _ending;
    (MigrationStatus Status, long At)? _alive; // The journal, when it was last seen.
    (string State, long At)? _ran; // What an engine of this process has come to, by somebody else's word.
    long _begunAt;

    public ErrorReport? Failure
    {
        get { lock (_lock) return _failure?.Error; }
    }

    public Ending? Ending
    {
        get { lock (_lock) return _ending?.Ending; }
    }

    /// <summary>Those with a report, oldest first: kept whatever comes after them.</summary>
    public IReadOnlyList<Ending> Reported
    {
        get { lock (_lock) return [.. _reported]; }
    }

    /// <summary>An engine begins here: what came before is of the past.</summary>
    public void Begin()
    {
        lock (_lock)
            (_failure, _ending, _alive, _ran, _begunAt) = (null, null, null, null, time.GetTimestamp());
    }

    /// <summary>It has come to its end by the engine of this process.</summary>
    public void Ran(string state)
    {
        lock (_lock)
            _ran = (state, time.GetTimestamp());
    }

    public void Fail(ErrorReport failure)
    {
        lock (_lock)
            _failure = (failure, time.GetTimestamp());
    }

    /// <summary>Whatever it was, it has been seen to.</summary>
    public void Forgive()
    {
        lock (_lock)
            _failure = null;
    }

    public void End(Ending ending)
    {
        lock (_lock)
        {
            (_ending, _failure, _alive) = ((ending, time.GetTimestamp()), null, null);
            if (ending.Report is not null)
                _reported.Add(ending);
        }
    }

    /// <summary>A run did not even begin: how the one before it ended is still what there is to tell.</summary>
    public void Restore(Ending? former)
    {
        lock (_lock)
            _ending ??= former is null ? null : (former, time.GetTimestamp());
    }

    /// <summary>A look at the target has shown this.</summary>
    /// <param name="status">What it showed.</param>
    /// <param name="asked">When it was begun.</param>
    /// <param name="isOurs">An engine or a word of this process may be what it shows.</param>
    public void See(MigrationStatus status, long asked, bool isOurs)
    {
        lock (_lock)
        {
            if (status.State != "none")
                SeeAlive(status, asked, isOurs);
            else if (!isOurs && _alive is { } last && asked > last.At)
                SeeGone(last.Status, asked);
        }
    }

    void SeeAlive(MigrationStatus status, long asked, bool isOurs)
    {
        if (asked < _begunAt || asked < _ending?.At)
            return; // It is of before.
        (_ending, _alive) = (null, (status, asked));
        if (asked > _ran?.At)
            _ran = null; // Of an earlier one.
        if (status.Engine is not null && !isOurs && asked > _failure?.At)
            _failure = null;
    }

    // Nobody here has ended it, or an engine of ours has, by the word of another process.
    void SeeGone(MigrationStatus last, long asked)
    {
        var state = _ran?.State ?? (last.Writer == "target" ? "finished" : "ended");
        (_ending, _alive) = ((new Ending(state, last.Writer, last.DowntimeSeconds, Report: null, time.GetUtcNow()), asked), null);
        if (asked > _failure?.At)
            _failure = null;
    }
}
