using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace PgBaton.ControlPlane;

/// <summary>Neon's API, version 2 (https://api-docs.neon.tech).</summary>
/// <param name="http">With the time-out of a request.</param>
/// <param name="address">https://console.neon.tech/api/v2/, or that of a test.</param>
/// <param name="key">NEON_API_KEY.</param>
/// <param name="time">Between two looks at an operation.</param>
sealed class NeonApi(HttpClient http, Uri address, string key, TimeProvider time)
{
    static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    readonly ApiClient _client = new("Neon", http);

    /// <summary>Logical replication for a whole project.</summary>
    public async Task<ProviderChange> EnableLogicalReplicationAsync(string project, CancellationToken ct)
    {
        var found = await SendAsync(HttpMethod.Get, $"projects/{Uri.EscapeDataString(project)}", body: null, ct);
        if ((bool?)found["project"]?["settings"]?["enable_logical_replication"] == true)
            return ProviderChange.Nothing;
        return new(
            [$"Enable logical replication for project {project} ({found["project"]?["name"]})."],
            "Every compute of the project is restarted; its connections end.", "Logical replication cannot be disabled again.",
            async (tell, token) =>
            {
                var body = new JsonObject { ["project"] = new JsonObject { ["settings"] = new JsonObject { ["enable_logical_replication"] = true } } };
                var answer = await SendAsync(HttpMethod.Patch, $"projects/{Uri.EscapeDataString(project)}", body, token);
                await WaitAsync(project, answer, tell, token);
                var after = await SendAsync(HttpMethod.Get, $"projects/{Uri.EscapeDataString(project)}", body: null, token);
                return (bool?)after["project"]?["settings"]?["enable_logical_replication"] == true
                    ? new Dictionary<string, string> { ["project"] = project }
                    : throw Errors.ApiDidNotDoIt("Neon", "the project still says that logical replication is not enabled");
            });
    }

    /// <summary>A project to move to.</summary>
    public ProviderChange CreateTarget(NeonTarget wanted) => new(
        [
            $"Create project {wanted.Name} in {wanted.Region} with PostgreSQL {wanted.Major}, which is paid for from then on.",
            $"Let its compute grow from {Units(wanted.LeastUnits)} to {Units(wanted.MostUnits)} compute units.",
            .. (wanted.LogicalReplication ? (string[])["Enable logical replication, for a way back."] : []),
        ],
        Restarts: null, wanted.LogicalReplication ? "Logical replication cannot be disabled again." : null,
        async (tell, ct) =>
        {
            var answer = await SendAsync(HttpMethod.Post, "projects", wanted.Request(), ct);
            var project = (string?)answer["project"]?["id"] ?? throw Errors.ApiDidNotDoIt("Neon", "its answer names no project");
            tell($"project {project} is made");
            await WaitAsync(project, answer, tell, ct);
            var connection = (string?)answer["connection_uris"]?[0]?["connection_uri"] ?? throw Errors.ApiDidNotDoIt("Neon", "its answer has no connection string");
            return new Dictionary<string, string> { ["project"] = project, ["connection"] = connection };
        });

    /// <summary>More compute for the copy.</summary>
    public async Task<ProviderChange> PrepareTargetAsync(string project, double least, double most, CancellationToken ct)
    {
        var endpoints = await SendAsync(HttpMethod.Get, $"projects/{Uri.EscapeDataString(project)}/endpoints", body: null, ct);
        var writer = endpoints["endpoints"]?.AsArray().FirstOrDefault(endpoint => (string?)endpoint?["type"] == "read_write")
            ?? throw Errors.ApiDidNotDoIt("Neon", $"project {project} has no read-write compute");
        var id = (string)writer["id"]!;
        if ((double?)writer["autoscaling_limit_min_cu"] >= least && (double?)writer["autoscaling_limit_max_cu"] >= most && (int?)writer["suspend_timeout_seconds"] == -1)
            return ProviderChange.Nothing;
        return new(
            [$"Let compute {id} of project {project} grow from {Units(least)} to {Units(most)} compute units, and not suspend while the migration lasts."],
            "The compute may be restarted; its connections end.", Irreversible: null,
            async (tell, token) =>
            {
                var body = new JsonObject
                {
                    ["endpoint"] = new JsonObject { ["autoscaling_limit_min_cu"] = least, ["autoscaling_limit_max_cu"] = most, ["suspend_timeout_seconds"] = -1 },
                };
                var answer = await SendAsync(HttpMethod.Patch, $"projects/{Uri.EscapeDataString(project)}/endpoints/{Uri.EscapeDataString(id)}", body, token);
                await WaitAsync(project, answer, tell, token);
                return new Dictionary<string, string> { ["project"] = project, ["endpoint"] = id };
            });
    }

    // Changes are operations that go on after the answer.
    async Task WaitAsync(string project, JsonObject answer, Action<string> tell, CancellationToken ct)
    {
        foreach (var operation in answer["operations"]?.AsArray() ?? [])
        {
            var id = (string)operation!["id"]!;
            var (action, status) = ((string?)operation["action"], (string?)operation["status"]);
            for (; status is "scheduling" or "running" or "cancelling"; status = (string?)(await OperationAsync(project, id, ct))?["status"])
                await Task.Delay(_interval, time, ct);
            if (status is not ("finished" or "skipped"))
                throw Errors.ApiDidNotDoIt("Neon", $"operation {action} ended as \"{status}\"");
            tell($"{action}: {status}");
        }
    }

    async Task<JsonNode?> OperationAsync(string project, string id, CancellationToken ct)
        => (await SendAsync(HttpMethod.Get, $"projects/{Uri.EscapeDataString(project)}/operations/{Uri.EscapeDataString(id)}", body: null, ct))["operation"];

    async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await _client.SendForJsonAsync(request, ct);
    }

    static string Units(double units) => units.ToString("0.##", CultureInfo.InvariantCulture);
}
