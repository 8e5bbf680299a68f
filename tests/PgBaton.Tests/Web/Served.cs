using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using PgBaton.Cli.Commands;
using PgBaton.Web;

namespace PgBaton.Tests.Web;

/// <summary>The page and the API on a port of their own, and a client that may come in.</summary>
public sealed class Served : IAsyncDisposable
{
    public const string Token = "a-token-of-some-length-for-tests";

    readonly WebServer _server;
    readonly HttpClient _client;

    Served(WebServer server)
    {
        _server = server;
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server.Address };
    }

    public Uri Address => _server.Address;

    public IReadOnlyList<string> Endpoints => _server.Endpoints;

    public static async Task<Served> StartAsync(
        MigrationOptions? migration = null, Uri? notify = null, Func<string, string?>? variable = null, string? folder = null)
        => new(await WebServer.StartAsync(
            new ServeOptions
            {
                Listen = new IPEndPoint(IPAddress.Loopback, 0), Token = Token, HostNames = ["db-tools.example"], Migration = migration,
                Complete = options => options with { Notify = notify }, Variable = variable ?? (_ => null),
                Folder = folder ?? Path.GetTempPath(),
            },
            ServeSettings.AsInTerminal(), TimeProvider.System, default));

    /// <summary>As it is given, with nothing added.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>With the token.</summary>
    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body = null)
        => SendAsync(method, path, body, ("Authorization", $"Bearer {Token}"));

    public async Task<JsonNode> GetAsync(string path) => await ReadAsync(await AskAsync(HttpMethod.Get, path));

    /// <summary>Fails the test with the problem, if it is one.</summary>
    public async Task<JsonNode> PostAsync(string path, object? body = null) => await ReadAsync(await AskAsync(HttpMethod.Post, path, body));

    public static async Task<JsonNode> ProblemOf(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Asks until it is so; the condition is the synchronisation, not the clock.</summary>
    public async Task<JsonNode> WaitForAsync(string path, Func<JsonNode, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var seen = await GetAsync(path);
        while (!wanted(seen))
        {
            Assert.True(seen["failure"] is null, $"{seen["failure"]}");
            Assert.False(patience.IsCancellationRequested, seen.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            await Task.Delay(100, CancellationToken.None);
            seen = await GetAsync(path);
        }

        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }
}
