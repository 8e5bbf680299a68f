using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace PgBaton.ControlPlane;

/// <summary>Sends requests to a provider's API. Keys are in headers only; no request or answer is ever shown whole.</summary>
/// <param name="provider">As messages call it.</param>
/// <param name="http">Its time-out bounds every request.</param>
sealed class ApiClient(string provider, HttpClient http)
{
    /// <exception cref="MigrationException">PB0902, PB0904.</exception>
    public async Task<JsonObject> SendForJsonAsync(HttpRequestMessage request, CancellationToken ct)
        => await SendForNodeAsync(request, ct) as JsonObject ?? throw Errors.ApiDidNotDoIt(provider, "its answer is no object");

    /// <summary>An object or an array; null where there is nothing to say (204).</summary>
    /// <exception cref="MigrationException">PB0902.</exception>
    public async Task<JsonNode?> SendForNodeAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var (status, text) = await SendAsync(request, ct);
        if (status == 204)
            return null;
        var answer = Parse(text);
        return status is >= 200 and < 300 && answer is not null ? answer
            : throw Errors.ApiRefused(provider, request.Method.Method, request.RequestUri!.AbsolutePath, status, (string?)(answer as JsonObject)?["message"]);
    }

    /// <exception cref="MigrationException">PB0902.</exception>
    public async Task<XElement> SendForXmlAsync(HttpRequestMessage request, string action, CancellationToken ct)
    {
        var (status, text) = await SendAsync(request, ct);
        var answer = ParseXml(text);
        return status is >= 200 and < 300 && answer is not null ? answer
            : throw Errors.ApiRefused(provider, request.Method.Method, action, status, answer is null ? null : $"{Xml.Text(answer, "Code")}: {Xml.Text(answer, "Message")}");
    }

    async Task<(int Status, string Text)> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            using var response = await http.SendAsync(request, ct);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(ct));
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw Errors.ApiUnreachable(provider, request.RequestUri!.Host, failure);
        }
    }

    static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static XElement? ParseXml(string text)
    {
        try
        {
            return XElement.Parse(text);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
