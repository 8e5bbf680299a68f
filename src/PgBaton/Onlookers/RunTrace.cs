using System.Diagnostics;

namespace PgBaton.Onlookers;

/// <summary>
/// The activity source <c>PgBaton</c>: a span for the run of an engine, one in it for each step, and in these one for each index; tables and what was
/// tried again are events of their step. Feeds <see cref="Instruments"/> too.
/// </summary>
sealed class RunTrace : IDisposable
{
    static readonly ActivitySource _source = new("PgBaton");

    readonly Migration _migration;
    readonly Instruments _instruments;
    readonly Activity? _run;
    readonly Lock _lock = new();
    Activity? _step;

    public RunTrace(Migration migration)
    {
        var (source, target) = Migration.AddressesOf(migration.Options);
        var tags = new TagList { { "pgbaton.source", source }, { "pgbaton.target", target } };
        (_migration, _instruments) = (migration, new Instruments(tags));
        _run = _source.StartActivity(ActivityKind.Internal, tags: tags, name: "pgbaton run");
        migration.Happened += See;
    }

    /// <summary>The run ends with this.</summary>
    public void SeeFailure(Exception failure)
    {
        var why = Secrets.Remove(failure.Message);
        lock (_lock)
        {
            _step?.SetStatus(ActivityStatusCode.Error, why);
            _run?.SetStatus(ActivityStatusCode.Error, why);
            _run?.SetTag("error.type", (failure as MigrationException)?.Code ?? failure.GetType().Name);
        }
    }

    public void Dispose()
    {
        _migration.Happened -= See;
        lock (_lock)
        {
            _step?.Dispose();
            _run?.Dispose();
        }
    }

    void See(MigrationEvent happened)
    {
        _instruments.See(happened);
        if (_run is null)
            return;
        lock (_lock)
            SeeSpan(happened);
    }

    void SeeSpan(MigrationEvent happened)
    {
        switch (happened)
        {
            case StepStarted started:
                _step?.Dispose();
                _step = _source.StartActivity(ActivityKind.Internal, _run!.Context, [new("pgbaton.step", started.Step)], name: $"step {started.Step}");
                break;
            case StepDone:
                _step?.Dispose();
                _step = null;
                break;
            case IndexBuilt built:
                var begun = _migration.Time.GetUtcNow() - TimeSpan.FromSeconds(built.Seconds);
                _source.StartActivity(ActivityKind.Internal, (_step ?? _run!).Context, [new("pgbaton.object", built.Object)], startTime: begun, name: "build index")?.Dispose();
                break;
            case TableCopied copied:
                Note("table copied", new() { { "pgbaton.table", copied.Table }, { "pgbaton.rows", copied.Rows }, { "pgbaton.bytes", copied.Bytes } });
                break;
            case TableVerified verified:
                Note("table verified", new() { { "pgbaton.table", verified.Table }, { "pgbaton.rows", verified.Rows }, { "pgbaton.equal", verified.IsEqual } });
                break;
            case Retrying retrying:
                Note("retry", new() { { "pgbaton.attempt", retrying.Attempt }, { "exception.message", Secrets.Remove(retrying.Message) } });
                break;
            default:
                if (Moment(happened) is { } moment)
                    Note(moment, []);
                break;
        }
    }

    static string? Moment(MigrationEvent happened) => happened switch
    {
        InSync => "in sync",
        FenceSet => "fence set",
        FenceLifted => "fence lifted",
        MarkerApplied => "marker applied",
        Decided => "decided",
        TargetOpened => "target opened",
        SourceOpened => "source opened",
        _ => null,
    };

    void Note(string name, ActivityTagsCollection tags) => (_step ?? _run!).AddEvent(new ActivityEvent(name, tags: tags));
}
