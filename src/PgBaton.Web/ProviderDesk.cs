using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PgBaton.ControlPlane;

namespace PgBaton.Web;

/// <summary>What providers are asked to do from here: first told, then done once that very proposal is confirmed.</summary>
sealed class ProviderDesk(MigrationList list, Renderings renderings, ServeOptions options, TimeProvider time) : IAsyncDisposable
{
    readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };
    readonly CancellationTokenSource _end = new();
    readonly Lock _lock = new();
    readonly List<ProviderJob> _jobs = [];

    public IEnumerable<Route> Routes() =>
    [
        new("GET", "/api/v1/providers", "The providers that are known, by the words of \"at\".", null, Route.Json, KnownAsync),
        new("POST", "/api/v1/provider",
            "What would be done at a provider: nothing is, unless \"confirm\" repeats what the proposal gave.", "ProviderRequest", Route.Json, AskAsync),
        new("GET", "/api/v1/provider/{number}", "How far a confirmed change is, and what came of it.", null, Route.Json, JobAsync),
    ];

    /// <summary>The connection string of the target that a job made; null: none.</summary>
    public string? ConnectionOf(int number) => Find(number)?.Connection;

    ProviderJob? Find(int number)
    {
        lock (_lock)
            return _jobs.Find(job => job.Number == number);
    }

    static Task KnownAsync(HttpContext http) => Answer.WriteAsync(http, new JsonArray(
        [.. ProviderOrder.Providers.Select(known => (JsonNode)new JsonObject { ["at"] = known.Key, ["name"] = known.Value })]));

    async Task AskAsync(HttpContext http)
    {
        if (await Body.ReadAsync(http, WebJson.Default.ProviderRequest) is not { } request)
            return;
        var listed = request.Migration is { } id ? list.Find(id) : null;
        if (request.Migration is not null && listed is null)
            await Problem.WriteAsync(http, Refusals.NotFound("such migration"), StatusCodes.Status404NotFound);
        else if (request.Objection is { } objection)
            await Problem.WriteAsync(http, Refusals.NotUnderstood(objection), StatusCodes.Status400BadRequest);
        else
            await ProposeAsync(http, request.ToOrder(listed?.Options), request.Confirm);
    }

    async Task ProposeAsync(HttpContext http, ProviderOrder order, string? confirm)
    {
        var (change, why) = await PlanAsync(order, http.RequestAborted);
        var name = change is null ? null : NameOf(order, change);
        if (confirm is null)
            await Answer.WriteAsync(http, Proposal(order, change, why, name));
        else if (confirm != name)
            await Problem.WriteAsync(http, Refusals.AnotherProposal(), StatusCodes.Status409Conflict);
        else
            await Answer.WriteAsync(http, Begin(order, change!).ToJson(), StatusCodes.Status202Accepted);
    }

    // No change: a person has to do it, because of this.
    async Task<(ProviderChange? Change, string? Why)> PlanAsync(ProviderOrder order, CancellationToken ct)
    {
        try
        {
            var change = await new ProviderChanges(options.Variable, _http, time).PlanAsync(order, ct);
            return (change, change is null ? order.NotByItself : null);
        }
        catch (MigrationException failure) when (failure.Code == "PB0901")
        {
            return (null, $"{failure.Message}. {failure.Detail} {failure.Hint}");
        }
    }

    static JsonObject Proposal(ProviderOrder order, ProviderChange? change, string? why, string? name) => new()
    {
        ["provider"] = ProviderOrder.Providers[order.Provider],
        ["changes"] = change is null ? null : new JsonArray([.. change.What.Select(what => (JsonNode)what)]),
        ["restarts"] = change?.Restarts,
        ["irreversible"] = change?.Irreversible,
        ["why"] = why,
        ["by_hand"] = order.ByHand,
        ["confirm"] = change?.What.Count > 0 ? name : null,
    };

    // Of the order and of what was found: if either is another one now, so is this.
    static string NameOf(ProviderOrder order, ProviderChange change)
    {
        var said = string.Join('\n', change.What.Prepend(order.ToString()).Append(change.Restarts).Append(change.Irreversible));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))[..16];
    }

    ProviderJob Begin(ProviderOrder order, ProviderChange change)
    {
        var kept = order.Action == "create-target" ? ConnectionFile.CreateIn(options.Folder) : null;
        lock (_lock)
        {
            var job = new ProviderJob(_jobs.Count + 1, change, kept, renderings, _end.Token);
            _jobs.Add(job);
            return job;
        }
    }

    Task JobAsync(HttpContext http)
    {
        var text = $"{http.Request.RouteValues["number"]}";
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && Find(number) is { } job
            ? Answer.WriteAsync(http, job.ToJson())
            : Problem.WriteAsync(http, Refusals.NotFound("change of that number"), StatusCodes.Status404NotFound);
    }

    /// <summary>What a provider has begun goes on there.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_jobs.Select(job => job.Ended));
        _http.Dispose();
        _end.Dispose();
    }
}
