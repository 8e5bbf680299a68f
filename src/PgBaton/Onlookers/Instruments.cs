using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PgBaton.Onlookers;

/// <summary>
/// The meter <c>PgBaton</c>: what a collector measures of the engines of this process, with names and units by OpenTelemetry's conventions. Costs
/// nothing while nobody listens.
/// </summary>
sealed class Instruments
{
    static readonly Meter _meter = new("PgBaton");
    static readonly Counter<long> _copiedTables = _meter.CreateCounter<long>("pgbaton.copy.tables", "{table}", "Tables whose rows are on the target.");
    static readonly Counter<long> _copiedRows = _meter.CreateCounter<long>("pgbaton.copy.rows", "{row}", "Their rows.");
    static readonly Counter<long> _copiedBytes = _meter.CreateCounter<long>("pgbaton.copy.io", "By", "Their bytes, as they went over the wire.");
    static readonly Histogram<double> _builds = _meter.CreateHistogram<double>("pgbaton.index.duration", "s", "Builds of indexes and constraints on the target.");
    static readonly Counter<long> _transactions = _meter.CreateCounter<long>("pgbaton.relay.transactions", "{transaction}", "Transactions carried to the other side.");
    static readonly Counter<long> _changes = _meter.CreateCounter<long>("pgbaton.relay.changes", "{row}", "Changes of rows in them.");
    static readonly Counter<long> _batches = _meter.CreateCounter<long>("pgbaton.relay.batches", "{transaction}", "Transactions on the other side, each with one or many of the writer's.");
    static readonly Gauge<long> _lagBytes = _meter.CreateGauge<long>("pgbaton.lag.size", "By", "WAL that is written and not applied on the other side.");
    static readonly Gauge<double> _lagSeconds = _meter.CreateGauge<double>("pgbaton.lag.duration", "s", "Age of the oldest commit that is not on the other side.");
    static readonly Gauge<long> _kept = _meter.CreateGauge<long>("pgbaton.slot.retained", "By", "WAL that is kept for the slot.");
    static readonly Gauge<long> _safe = _meter.CreateGauge<long>("pgbaton.slot.safe", "By", "WAL that may still be written before the slot is lost.");
    static readonly Counter<long> _retries = _meter.CreateCounter<long>("pgbaton.retries", "{retry}", "Tries that failed.");
    static readonly Counter<long> _verifiedTables = _meter.CreateCounter<long>("pgbaton.verify.tables", "{table}", "Tables of which every row was compared.");
    static readonly Counter<long> _verifiedRows = _meter.CreateCounter<long>("pgbaton.verify.rows", "{row}", "Their rows.");
    static readonly Histogram<double> _steps = _meter.CreateHistogram<double>("pgbaton.step.duration", "s", "Steps that are done.");
    static readonly Gauge<double> _downtime = _meter.CreateGauge<double>("pgbaton.downtime", "s", "How long nobody could write at the newest change of the writer.");

    readonly TagList _tags;
    LagMeasured _last = new(0, 0, "", 0, 0, 0);

    /// <param name="tags">On everything that is measured here.</param>
    public Instruments(TagList tags) => _tags = tags;

    /// <summary>Called on any thread.</summary>
    public void See(MigrationEvent happened)
    {
        switch (happened)
        {
            case TableCopied copied:
                _copiedTables.Add(1, _tags);
                _copiedRows.Add(copied.Rows, _tags);
                _copiedBytes.Add(copied.Bytes, _tags);
                break;
            case IndexBuilt built:
                _builds.Record(built.Seconds, _tags);
                break;
            case LagMeasured lag:
                SeeLag(lag);
                break;
            case SlotMeasured slot:
                _kept.Record(slot.RetainedBytes, _tags);
                if (slot.SafeBytes is { } safe)
                    _safe.Record(safe, _tags);
                break;
            case Retrying:
                _retries.Add(1, _tags);
                break;
            case TableVerified verified:
                var tags = With("pgbaton.equal", verified.IsEqual);
                _verifiedTables.Add(1, tags);
                _verifiedRows.Add(verified.Rows, tags);
                break;
            case StepDone done:
                _steps.Record(done.Seconds, With("pgbaton.step", done.Step));
                break;
            case TargetOpened opened:
                _downtime.Record(opened.DowntimeSeconds, With("pgbaton.writer", "target"));
                break;
            case SourceOpened opened:
                _downtime.Record(opened.DowntimeSeconds, With("pgbaton.writer", "source"));
                break;
        }
    }

    // Its counts begin at zero whenever the relay does.
    void SeeLag(LagMeasured lag)
    {
        _lagBytes.Record(lag.Bytes, _tags);
        _lagSeconds.Record(lag.Seconds, _tags);
        var last = lag.Transactions < _last.Transactions ? new LagMeasured(0, 0, "", 0, 0, 0) : _last;
        _transactions.Add(lag.Transactions - last.Transactions, _tags);
        _changes.Add(lag.Changes - last.Changes, _tags);
        _batches.Add(lag.Batches - last.Batches, _tags);
        _last = lag;
    }

    TagList With(string name, object value)
    {
        var tags = _tags;
        tags.Add(name, value);
        return tags;
    }
}
