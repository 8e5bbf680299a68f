using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PgBaton.Tests.Web;

/// <summary>A real Chromium without a window, spoken to by its own protocol. A machine without one skips the test, but fails in CI.</summary>
public sealed partial class Browser : IAsyncDisposable
{
    static readonly string[] _programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    readonly Process _process;
    readonly DirectoryInfo _profile;
    readonly ClientWebSocket _socket = new();
    readonly List<string> _errors = [];
    int _id;

    Browser(Process process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    /// <summary>What the page did wrong: exceptions, and what its policy forbade.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public static async Task<Browser> StartAsync(int width, int height, bool isDark)
    {
        var program = _programs.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null && Environment.GetEnvironmentVariable("CI") is null, "there is no Chromium");
        var profile = Directory.CreateTempSubdirectory("pgbaton-browser-");
        var process = Process.Start(new ProcessStartInfo(
            program!, ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank"])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var browser = new Browser(process, profile);
        await browser.ConnectAsync();
        await browser.CallAsync("Page.enable");
        await browser.CallAsync("Runtime.enable");
        await browser.CallAsync("Log.enable");
        await browser.CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await browser.CallAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
        });
        return browser;
    }

    async Task ConnectAsync()
    {
        Match address;
        do
            address = Address().Match(await _process.StandardError.ReadLineAsync() ?? throw new InvalidOperationException("Chromium ended"));
        while (!address.Success);
        _ = _process.StandardError.ReadToEndAsync(); // A pipe that nobody reads would stop it.
        using var client = new HttpClient();
        var pages = await client.GetFromJsonAsync<JsonArray>($"http://{address.Groups[1].Value}/json/list");
        await _socket.ConnectAsync(new Uri((string)pages!.First(page => (string?)page!["type"] == "page")!["webSocketDebuggerUrl"]!), default);
    }

    public Task GoAsync(Uri address) => CallAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() });

    /// <summary>The value of an expression.</summary>
    public async Task<JsonNode?> EvaluateAsync(string script)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true });
        Assert.True(answer["exceptionDetails"] is null, $"{script}: {answer["exceptionDetails"]}");
        return answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>Until the expression is true; fails after two minutes with what the page shows.</summary>
    public async Task WaitForAsync(string condition)
    {
        var began = Stopwatch.StartNew();
        while ((bool?)await EvaluateAsync($"Boolean({condition})") != true)
        {
            if (began.Elapsed > TimeSpan.FromMinutes(2))
                Assert.Fail($"{condition} did not come true; the page shows: {await EvaluateAsync("document.body.innerText")}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Presses the button or link of that name, once it can be pressed: goes there with the Tab key, and presses Enter.</summary>
    public async Task PressAsync(string name)
    {
        var find = $$"""
            [...document.querySelectorAll("main button, main a, main summary"), ...document.querySelectorAll("nav a")]
              .find(e => e.checkVisibility() && !e.disabled && e.innerText.replace(/^[○●✓\s]+/, "").startsWith("{{name}}"))
            """;
        await WaitForAsync(find);
        await TabToAsync(find);
        await KeyAsync("Enter", "\r", 13);
    }

    // A control that Tab does not reach cannot be used without a mouse.
    async Task TabToAsync(string find)
    {
        for (var steps = 0; (bool?)await EvaluateAsync($"document.activeElement === ({find})") != true; steps++)
        {
            Assert.True(steps < 300, $"Tab does not lead to {find}");
            await KeyAsync("Tab", "", 9);
        }

        Assert.True((bool)(await EvaluateAsync("getComputedStyle(document.activeElement).outlineStyle !== 'none'"))!, $"nobody sees that {find} has the focus");
    }

    /// <summary>Down and up.</summary>
    public async Task KeyAsync(string key, string text, int code)
    {
        foreach (var type in (string[])["keyDown", "keyUp"])
        {
            await CallAsync("Input.dispatchKeyEvent", new JsonObject
            {
                ["type"] = type, ["key"] = key, ["code"] = key, ["text"] = type == "keyDown" ? text : "", ["windowsVirtualKeyCode"] = code,
            });
        }
    }

    /// <summary>Seconds that the page's main thread was busy since it was made.</summary>
    public async Task<double> BusySecondsAsync()
    {
        await CallAsync("Performance.enable");
        var metrics = (await CallAsync("Performance.getMetrics"))["metrics"]!.AsArray();
        return (double)metrics.Single(metric => (string?)metric!["name"] == "TaskDuration")!["value"]!;
    }

    /// <summary>Types into the field with that id.</summary>
    public async Task TypeAsync(string id, string text)
    {
        await WaitForAsync($"document.getElementById('{id}')?.checkVisibility()");
        await TabToAsync($"document.getElementById('{id}')");
        await CallAsync("Input.insertText", new JsonObject { ["text"] = text });
    }

    /// <summary>Keeps a picture where PGBATON_SCREENSHOTS names a folder.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PGBATON_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        var picture = await CallAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" });
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.png"), Convert.FromBase64String((string)picture["data"]!));
    }

    async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = ++_id;
        var request = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, default);
        while (true)
        {
            var message = await ReceiveAsync();
            if ((int?)message["id"] == id)
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]}");
            Keep(message);
        }
    }

    void Keep(JsonNode message)
    {
        if ((string?)message["method"] == "Runtime.exceptionThrown")
            _errors.Add($"{message["params"]!["exceptionDetails"]}");
        else if ((string?)message["method"] == "Log.entryAdded" && (string?)message["params"]!["entry"]!["level"] == "error")
            _errors.Add($"{message["params"]!["entry"]!["text"]} {message["params"]!["entry"]!["url"]}");
    }

    async Task<JsonNode> ReceiveAsync()
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // One of its processes still writes there.
        }
    }

    [GeneratedRegex("DevTools listening on ws://([^/]+)/")]
    private static partial Regex Address();
}
