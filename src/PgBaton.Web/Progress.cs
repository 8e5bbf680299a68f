using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgBaton.Web;

/// <summary>What an engine of this process is busy with: measurements that matter while they are fresh and that the journal does not keep.</summary>
sealed class Progress
{
    readonly ConcurrentDictionary<string, CopyProgress> _copying = new();
    volatile VerifyProgress? _verifying;
    volatile LagMeasured? _carried;
    long _copiedRows;
    long _retries;

    /// <summary>Rows of tables that were copied whole since this process lists the migration.</summary>
    public long CopiedRows => Interlocked.Read(ref _copiedRows);

    /// <summary>What the relay has carried since it began; null before that.</summary>
    public LagMeasured? Carried => _carried;

    /// <summary>Tries that failed since this process lists the migration.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Called on any thread.</summary>
    public void Show(MigrationEvent happened)
    {
        if (happened is CopyProgress progress)
            _copying[progress.Table] = progress;
        else if (happened is TableCopied copied)
            Finish(copied);
        else if (happened is LagMeasured carried)
            _carried = carried;
        else if (happened is TargetOpened or SourceOpened)
            _carried = null; // What comes now goes the other way.
        else if (happened is VerifyProgress verifying)
            _verifying = verifying;
        else if (happened is VerifyDone or VerifyStopped)
            _verifying = null;
        else if (happened is Retrying)
            Interlocked.Increment(ref _retries);
        else if (happened is StepStarted)
            Forget();
    }

    void Finish(TableCopied copied)
    {
        _copying.TryRemove(copied.Table, out _);
        Interlocked.Add(ref _copiedRows, copied.Rows);
    }

    /// <summary>Nobody works here any more.</summary>
    public void Forget()
    {
        _copying.Clear();
        _verifying = null;
    }

    public JsonObject ToJson() => new()
    {
        ["copying"] = new JsonArray([.. _copying.Values.OrderBy(table => table.Table, StringComparer.Ordinal).Select(Node)]),
        ["verifying"] = _verifying is { } verifying ? Node(verifying) : null,
        ["carried"] = _carried is { } carried ? Node(carried) : null,
    };

    static JsonNode? Node(MigrationEvent happened) => JsonSerializer.SerializeToNode(happened, JsonForm.Of<MigrationEvent>());
}
