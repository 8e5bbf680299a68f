using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>What Prometheus reads: its text format, version 0.0.4, with base units in the names. What is not known is left out.</summary>
static class Metrics
{
    static readonly (string Name, string Type, string Help, Func<MigrationStatus, double?> Of)[] _ofStatus =
    [
        ("pgbaton_tables", "gauge", "Tables in scope.", status => status.Tables.Total),
        ("pgbaton_tables_copied", "gauge", "Tables whose rows are on the target.", status => status.Tables.Copied),
        ("pgbaton_tables_verified", "gauge", "Tables of which every row was compared and is equal.", status => status.Tables.Verified),
        ("pgbaton_copy_bytes", "gauge", "Bytes of the initial copy that are on the target.", status => status.Copy.BytesDone),
        ("pgbaton_copy_size_bytes", "gauge", "Bytes of all tables on the source.", status => status.Copy.BytesTotal),
        ("pgbaton_copy_remaining_seconds", "gauge", "Until all rows are on the target, at this pace.", status => status.Copy.EtaSeconds),
        ("pgbaton_lag_bytes", "gauge", "WAL that is written and not applied on the other side.", status => status.Lag?.Bytes),
        ("pgbaton_lag_seconds", "gauge", "Since the newest moment that is known to be on the other side.", status => status.Lag?.Seconds),
        ("pgbaton_slot_retained_bytes", "gauge", "WAL that is kept for the slot.", status => status.Slot?.RetainedBytes),
        ("pgbaton_slot_safe_bytes", "gauge", "WAL that may still be written before the slot is lost.", status => status.Slot?.SafeBytes),
        ("pgbaton_slot_active", "gauge", "1: somebody reads the slot.", status => status.Slot is { } slot ? Bit(slot.Active) : null),
        ("pgbaton_paused", "gauge", "1: somebody said pause.", status => Bit(status.Paused)),
        ("pgbaton_engine_running", "gauge", "1: some process runs this migration.", status => Bit(status.Engine is not null)),
        ("pgbaton_blockers", "gauge", "What keeps a cutover from beginning.", status => status.Blockers?.Count),
        ("pgbaton_failed", "gauge", "1: the last run ended with an error.", status => Bit(status.LastError is not null)),
        ("pgbaton_downtime_seconds", "gauge", "How long nobody could write at the cutover.", status => status.DowntimeSeconds),
    ];

    // Of what this process runs. They begin at zero again when it does, or the relay.
    static readonly (string Name, string Help, Func<Progress, double?> Of)[] _ofProgress =
    [
        ("pgbaton_copied_rows_total", "Rows of tables that were copied whole.", progress => progress.CopiedRows),
        ("pgbaton_transactions_total", "Transactions carried to the other side.", progress => progress.Carried?.Transactions),
        ("pgbaton_changes_total", "Changes of rows in them.", progress => progress.Carried?.Changes),
        ("pgbaton_batches_total", "Transactions that these took on the other side.", progress => progress.Carried?.Batches),
        ("pgbaton_retries_total", "Tries that failed.", progress => progress.Retries),
    ];

    public static RequestDelegate Of(MigrationList list) => async http =>
    {
        var seen = await Task.WhenAll(list.All.Select(async listed => (Listed: listed, (await listed.LookAsync(http.RequestAborted)).Status)));
        var text = new StringBuilder();
        Begin(text, "pgbaton_up", "gauge", "1: the target answers.");
        foreach (var (listed, status) in seen)
            Sample(text, "pgbaton_up", Labels(listed), Bit(status is not null));
        Begin(text, "pgbaton_state_info", "gauge", "Where the migration is, in its labels.");
        foreach (var (listed, status) in seen.Where(one => one.Status is not null))
            Sample(text, "pgbaton_state_info", $"{Labels(listed)},{Labels(status!)}", 1);
        foreach (var (name, type, help, of) in _ofStatus)
        {
            Begin(text, name, type, help);
            foreach (var (listed, status) in seen.Where(one => one.Status is not null and not { State: "none" }))
                Sample(text, name, Labels(listed), of(status!));
        }

        foreach (var (name, help, of) in _ofProgress)
        {
            Begin(text, name, "counter", help);
            foreach (var (listed, _) in seen)
                Sample(text, name, Labels(listed), of(listed.Progress));
        }

        await Answer.TextAsync(http, text.ToString(), "text/plain; version=0.0.4");
    };

    /// <summary>Ready: the target of each listed migration answers.</summary>
    public static RequestDelegate Ready(MigrationList list) => async http =>
    {
        var seen = await Task.WhenAll(list.All.Select(async listed => (await listed.LookAsync(http.RequestAborted)).Status));
        var isReady = seen.All(status => status is not null);
        var (text, code) = isReady ? ("ready\n", StatusCodes.Status200OK) : ("a target does not answer\n", StatusCodes.Status503ServiceUnavailable);
        await Answer.TextAsync(http, text, "text/plain", code);
    };

    static void Begin(StringBuilder text, string name, string type, string help)
        => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    static void Sample(StringBuilder text, string name, string labels, double? value)
    {
        if (value is { } known)
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {known}\n");
    }

    static string Labels(ListedMigration listed)
    {
        var (source, target) = Migration.AddressesOf(listed.Options);
        return $"source={Quoted(source ?? "")},target={Quoted(target ?? "")}";
    }

    static string Labels(MigrationStatus status)
        => $"state={Quoted(status.State)},step={Quoted(status.Step ?? "")},writer={Quoted(status.Writer)}";

    static string Quoted(string label)
    {
        var escaped = label.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped.Replace("\n", @"\n", StringComparison.Ordinal)}\"";
    }

    static double Bit(bool isSo) => isSo ? 1 : 0;
}
