using System.Text.Json;
using System.Text.Json.Nodes;
using PgBaton.ControlPlane;

namespace PgBaton.Web;

/// <summary>A change at a provider that is being made, or was.</summary>
sealed class ProviderJob
{
    readonly Renderings _renderings;
    readonly Lock _lock = new();
    readonly List<string> _told = [];
    readonly Task _working;
    IReadOnlyDictionary<string, string> _made = new Dictionary<string, string>();
    string? _file;
    ErrorReport? _failure;

    /// <param name="number">From 1, within this process.</param>
    /// <param name="change">What is done.</param>
    /// <param name="kept">Where the connection string of what is made goes; null: nothing is made.</param>
    /// <param name="renderings">For errors.</param>
    /// <param name="ct">Stops waiting for the provider, who may complete what he began.</param>
    public ProviderJob(int number, ProviderChange change, ConnectionFile? kept, Renderings renderings, CancellationToken ct)
    {
        (Number, _renderings) = (number, renderings);
        _working = Task.Run(() => WorkAsync(change, kept, ct), CancellationToken.None);
    }

    public int Number { get; }

    /// <summary>Of the target that was made, with its password; null as long as there is none.</summary>
    public string? Connection { get; private set; }

    /// <summary>Does not fail: what went wrong is in the answer.</summary>
    public Task Ended => _working;

    public JsonObject ToJson()
    {
        lock (_lock)
        {
            var shown = _made.Where(field => field.Key != "connection").Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value));
            return new JsonObject
            {
                ["number"] = Number,
                ["is_done"] = _working.IsCompleted,
                ["told"] = new JsonArray([.. _told.Select(line => (JsonNode)Secrets.Remove(line))]),
                ["made"] = new JsonObject(shown),
                ["target"] = Connection is { } connection ? Migration.AddressesOf(new MigrationOptions { Target = connection }).Target : null,
                ["connection_file"] = _file,
                ["error"] = _failure is { } failure ? JsonSerializer.SerializeToNode(failure, JsonForm.Of<ErrorReport>()) : null,
            };
        }
    }

    async Task WorkAsync(ProviderChange change, ConnectionFile? kept, CancellationToken ct)
    {
        using var _ = kept;
        try
        {
            var made = await change.RunAsync(Tell, ct);
            if (kept is not null)
                await kept.WriteAsync(made["connection"], ct);
            lock (_lock)
                (_made, _file, Connection) = (made, kept?.Name, made.GetValueOrDefault("connection"));
        }
#pragma warning disable CA1031 // It is the answer.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            lock (_lock)
                _failure = _renderings.Report(failure);
        }
    }

    void Tell(string line)
    {
        lock (_lock)
            _told.Add(line);
    }
}
