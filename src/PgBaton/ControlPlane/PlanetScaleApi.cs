using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace PgBaton.ControlPlane;

/// <summary>PlanetScale's API, version 1 (https://planetscale.com/docs/api), as its OpenAPI description of August 2026 has it.</summary>
/// <param name="http">With the time-out of a request.</param>
/// <param name="address">https://api.planetscale.com/v1/, or that of a test.</param>
/// <param name="token">ID and secret of a service token, with a colon between.</param>
/// <param name="organization">Its name.</param>
sealed class PlanetScaleApi(HttpClient http, Uri address, string token, string organization)
{
    const string Provider = "PlanetScale";

    readonly ApiClient _client = new(Provider, http);

    /// <summary>Pages are walked to their end.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, CancellationToken ct)
    {
        var found = new List<JsonObject>();
        for (int? page = 1; page is not null;)
        {
            var answer = await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}page={page}&per_page=100", ct);
            found.AddRange(answer["data"]!.AsArray().Select(item => item!.AsObject()));
            page = (int?)answer["next_page"];
        }

        return found;
    }

    /// <summary>Of the few lists that come whole.</summary>
    public async Task<IReadOnlyList<JsonObject>> ArrayAsync(string path, CancellationToken ct)
        => await SendAsync(HttpMethod.Get, path, body: null, ct) is JsonArray array ? [.. array.Select(item => item!.AsObject())] : throw OtherShape(path);

    public Task<JsonObject> GetAsync(string path, CancellationToken ct) => ObjectAsync(HttpMethod.Get, path, body: null, ct);

    public Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken ct) => ObjectAsync(HttpMethod.Post, path, body, ct);

    /// <summary>Null: there was nothing to change.</summary>
    public async Task<JsonObject?> PatchAsync(string path, JsonObject body, CancellationToken ct)
        => await SendAsync(HttpMethod.Patch, path, body, ct) as JsonObject;

    async Task<JsonObject> ObjectAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
        => await SendAsync(method, path, body, ct) as JsonObject ?? throw OtherShape(path);

    async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, $"organizations/{Uri.EscapeDataString(organization)}/{path}"));
        request.Headers.TryAddWithoutValidation("Authorization", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await _client.SendForNodeAsync(request, ct);
    }

    static MigrationException OtherShape(string path) => Errors.ApiDidNotDoIt(Provider, $"its answer to {path.Split('?')[0]} is of another shape than its description says");
}
