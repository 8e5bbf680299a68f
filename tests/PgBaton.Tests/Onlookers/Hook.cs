using System.Net;
using System.Text.Json.Nodes;
using PgBaton.Tests.ControlPlane;

namespace PgBaton.Tests.Onlookers;

/// <summary>What a webhook leads to: keeps what is posted. Its path is a secret, as with chat services.</summary>
/// <param name="statuses">Answers to the first requests; after these, 200.</param>
sealed class Hook(params int[] statuses) : ApiServer
{
    public const string Secret = "T0ken-of-the-hook";

    readonly Queue<int> _statuses = new(statuses);

    public Uri Url => new(Address, $"hooks/{Secret}");

    /// <summary>Requests that were answered otherwise.</summary>
    public int Refused { get; private set; }

    /// <summary>That were answered with 200, each once: whoever does not see that answer in time tells it again.</summary>
    public List<JsonNode> Delivered { get; } = [];

    public IEnumerable<string> Kinds => Delivered.Select(told => (string)told["kind"]!);

    protected override (int Status, string Type, string Body) Answer(HttpListenerRequest request, string body)
    {
        Requests.Add(request.HttpMethod);
        Must(request is { HttpMethod: "POST", RawUrl: $"/hooks/{Secret}", ContentType: "application/json; charset=utf-8" }, $"{request.HttpMethod} {request.RawUrl} {request.ContentType}");
        var status = _statuses.TryDequeue(out var planned) ? planned : 200;
        if (status != 200)
            Refused++;
        else if (JsonNode.Parse(body)! is var told && !Delivered.Exists(before => JsonNode.DeepEquals(before, told)))
            Delivered.Add(told);
        return (status, "text/plain", "");
    }
}
