using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PgBaton.Web;

/// <summary>The page and the API, listening. Takes nothing from the environment or from files but what it is given.</summary>
public sealed class WebServer : IAsyncDisposable
{
    const long MostBytes = 64 * 1024;

    readonly WebApplication _app;
    readonly MigrationList _list;
    readonly ProviderDesk _desk;

    WebServer(WebApplication app, MigrationList list, ProviderDesk desk) => (_app, _list, _desk) = (app, list, desk);

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The routes that are served, for the test that holds them against their document.</summary>
    internal IReadOnlyList<string> Endpoints =>
    [
        .. from source in ((IEndpointRouteBuilder)_app).DataSources
           from endpoint in source.Endpoints.OfType<RouteEndpoint>()
           select $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {endpoint.RoutePattern.RawText}",
    ];

    /// <summary>Listens on return.</summary>
    /// <exception cref="MigrationException">PB0001: a connection string.</exception>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<WebServer> StartAsync(ServeOptions options, Renderings renderings, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(renderings);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, OthersLifetime>(); // Signals are the command's.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)); // Event streams never end by themselves.
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options));
        var app = builder.Build();
        var list = new MigrationList(renderings, options.Complete, time);
        if (options.Migration is { } migration)
            list.Add(migration);
        var desk = new ProviderDesk(list, renderings, options, time);
        Pipeline.Build(app, options, list, desk, renderings);
        try
        {
            await app.StartAsync(ct);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw;
        }

        return new WebServer(app, list, desk);
    }

    static void Listen(KestrelServerOptions kestrel, ServeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBytes;
        kestrel.Listen(options.Listen, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            if (options.TlsCertificate is not { } file)
                return;
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            var certificate = X509Certificate2.CreateFromPemFile(file, options.TlsKey);
            endpoint.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain));
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _list.DisposeAsync();
        await _desk.DisposeAsync();
        await _app.DisposeAsync();
    }

    sealed class OthersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
