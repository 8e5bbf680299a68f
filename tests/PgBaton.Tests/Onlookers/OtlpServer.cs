using System.Net;
using System.Text;
using PgBaton.Tests.ControlPlane;

namespace PgBaton.Tests.Onlookers;

/// <summary>An OpenTelemetry collector that takes OTLP over HTTP as protobuf, and keeps the names in it.</summary>
sealed class OtlpServer : ApiServer
{
    readonly StringBuilder _traces = new(), _metrics = new();

    /// <summary>The messages as text: names and texts stand in them as they are.</summary>
    public string Traces => _traces.ToString();

    public string Metrics => _metrics.ToString();

    protected override (int Status, string Type, string Body) Answer(HttpListenerRequest request, string body)
    {
        Must(request is { HttpMethod: "POST", ContentType: "application/x-protobuf", RawUrl: "/v1/traces" or "/v1/metrics" }, $"{request.HttpMethod} {request.RawUrl} {request.ContentType}");
        (request.RawUrl == "/v1/traces" ? _traces : _metrics).Append(body);
        return (200, "application/x-protobuf", "");
    }
}
