using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PgBaton.Tests.ControlPlane;

/// <summary>A local HTTP server in the place of a provider's API. What a request does wrong, by the provider's description, is kept and fails the test.</summary>
abstract class ApiServer : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly Task _serving;

    protected ApiServer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>What no client of that API may send.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Method and path, or action, of each request.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Answers, and says in <see cref="Violations"/> what was wrong.</summary>
    protected abstract (int Status, string Type, string Body) Answer(HttpListenerRequest request, string body);

    protected void Must(bool holds, string violation)
    {
        if (!holds)
            Violations.Add(violation);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        Assert.Empty(Violations);
    }

    async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var (status, type, body) = Answer(context.Request, await reader.ReadToEndAsync());
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }
}
