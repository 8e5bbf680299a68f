using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace PgBaton.Tests.Onlookers;

/// <summary>An OpenTelemetry collector that takes OTLP over gRPC: HTTP/2 from the first byte, an empty answer, the status in a trailer.</summary>
sealed class GrpcCollector : IAsyncDisposable
{
    readonly WebApplication _server;
    readonly ConcurrentDictionary<string, string> _got = new();

    GrpcCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Uri Address => new(_server.Urls.Single());

    /// <summary>The messages of a service as text: names and texts stand in them as they are.</summary>
    public string Of(string service) => _got.GetValueOrDefault($"/opentelemetry.proto.collector.{service}/Export", "");

    public static async Task<GrpcCollector> StartAsync()
    {
        var collector = new GrpcCollector();
        await collector._server.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var message = await reader.ReadToEndAsync();
        _got.AddOrUpdate(http.Request.Path.Value!, message, (_, before) => before + message);
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[5]); // Not compressed, no bytes.
        http.Response.AppendTrailer("grpc-status", "0");
    }
}
