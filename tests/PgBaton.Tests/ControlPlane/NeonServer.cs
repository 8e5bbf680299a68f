using System.Net;
using System.Text.Json.Nodes;

namespace PgBaton.Tests.ControlPlane;

/// <summary>
/// What Neon's OpenAPI description (v2) says of the requests used here: the paths, the fields of the bodies with their types, the answers' shapes.
/// A change is done only when its operation has been seen to finish.
/// </summary>
sealed class NeonServer : ApiServer
{
    public const string Key = "canary-neon-key";
    public const string Password = "canary-neon-password";

    static readonly string[] _projectFields =
        ["settings", "name", "branch", "autoscaling_limit_min_cu", "autoscaling_limit_max_cu", "provisioner", "region_id", "default_endpoint_settings", "pg_version", "store_passwords", "history_retention_seconds", "org_id"];

    static readonly string[] _settings =
        ["quota", "allowed_ips", "enable_logical_replication", "maintenance_window", "block_public_connections", "block_vpc_connections", "audit_log_level", "hipaa", "preload_libraries"];

    static readonly string[] _endpointFields =
        ["branch_id", "autoscaling_limit_min_cu", "autoscaling_limit_max_cu", "provisioner", "pooler_enabled", "pooler_mode", "disabled", "passwordless_access", "suspend_timeout_seconds", "settings", "name"];

    int _looks;

    /// <summary>As GET /projects/{id} shows it.</summary>
    public bool IsLogical { get; set; }

    /// <summary>What the operation ends as.</summary>
    public string Outcome { get; set; } = "finished";

    /// <summary>The body of the last change.</summary>
    public JsonObject? Changed { get; private set; }

    protected override (int Status, string Type, string Body) Answer(HttpListenerRequest request, string body)
    {
        Requests.Add($"{request.HttpMethod} {request.Url!.AbsolutePath}");
        if (request.Headers["Authorization"] != $"Bearer {Key}")
            return Json(401, """{"code": "", "message": "supplied credentials do not pass authentication"}""");
        Must(request.Headers["Accept"] == "application/json", "no Accept");
        if (request.HttpMethod != "GET")
        {
            Must(request.ContentType!.StartsWith("application/json", StringComparison.Ordinal), "a body that is not JSON");
            Changed = JsonNode.Parse(body)!.AsObject();
        }

        return (request.HttpMethod, request.Url.AbsolutePath) switch
        {
            ("GET", "/projects/cool-name-1") => Json(200, Project().ToJsonString()),
            ("PATCH", "/projects/cool-name-1") => Patch(),
            ("POST", "/projects") => Create(),
            ("GET", "/projects/cool-name-1/endpoints") => Json(200, """{"endpoints": [{"id": "ep-ro", "type": "read_only"}, {"id": "ep-rw", "type": "read_write", "autoscaling_limit_min_cu": 0.25, "autoscaling_limit_max_cu": 2, "suspend_timeout_seconds": 0}]}"""),
            ("PATCH", "/projects/cool-name-1/endpoints/ep-rw") => PatchEndpoint(),
            ("GET", "/projects/cool-name-1/operations/op-1") => Json(200, new JsonObject { ["operation"] = Operation(Next()) }.ToJsonString()),
            _ => Json(404, """{"code": "", "message": "not found"}"""),
        };
    }

    (int, string, string) Patch()
    {
        var project = Changed!["project"]!.AsObject();
        Must(Changed.Count == 1 && project.All(field => field.Key is "settings" or "name" or "default_endpoint_settings" or "history_retention_seconds"), "unknown fields of a project");
        CheckSettings(project["settings"]!.AsObject());
        return Json(200, new JsonObject { ["project"] = new JsonObject { ["id"] = "cool-name-1" }, ["operations"] = new JsonArray(Operation("running")) }.ToJsonString());
    }

    (int, string, string) Create()
    {
        var project = Changed!["project"]!.AsObject();
        Must(project.All(field => _projectFields.Contains(field.Key)), "unknown fields of a new project");
        Must(project["pg_version"]!.GetValue<int>() is >= 14 and <= 18, "pg_version");
        Must(project["default_endpoint_settings"]!["autoscaling_limit_min_cu"]!.GetValue<double>() >= 0.25, "a compute unit is 0.25 at least");
        if (project["settings"] is { } settings)
            CheckSettings(settings.AsObject());
        return Json(201, new JsonObject
        {
            ["project"] = new JsonObject { ["id"] = "cool-name-1", ["region_id"] = project["region_id"]!.DeepClone() },
            ["operations"] = new JsonArray(Operation("scheduling")),
            ["connection_uris"] = new JsonArray(new JsonObject
            {
                ["connection_uri"] = $"postgresql://neondb_owner:{Password}@ep-rw.eu-central-1.aws.neon.tech/neondb?sslmode=require", ["connection_parameters"] = new JsonObject(),
            }),
        }.ToJsonString());
    }

    (int, string, string) PatchEndpoint()
    {
        var endpoint = Changed!["endpoint"]!.AsObject();
        Must(endpoint.All(field => _endpointFields.Contains(field.Key)), "unknown fields of an endpoint");
        Must(endpoint["suspend_timeout_seconds"]!.GetValue<int>() is -1 or 0 or (>= 60 and <= 604800), "suspend_timeout_seconds");
        return Json(200, new JsonObject { ["endpoint"] = new JsonObject { ["id"] = "ep-rw" }, ["operations"] = new JsonArray(Operation("scheduling")) }.ToJsonString());
    }

    void CheckSettings(JsonObject settings)
    {
        Must(settings.All(field => _settings.Contains(field.Key)), "unknown settings");
        Must(settings["enable_logical_replication"]!.GetValueKind() is System.Text.Json.JsonValueKind.True, "logical replication cannot be disabled");
    }

    // Running at the first look, then as it ends.
    string Next()
    {
        if (++_looks == 1)
            return "running";
        IsLogical = Outcome == "finished";
        return Outcome;
    }

    JsonObject Project() => new() { ["project"] = new JsonObject { ["id"] = "cool-name-1", ["name"] = "shop", ["settings"] = new JsonObject { ["enable_logical_replication"] = IsLogical } } };

    static JsonObject Operation(string status) => new() { ["id"] = "op-1", ["action"] = "apply_config", ["status"] = status };

    static (int, string, string) Json(int status, string body) => (status, "application/json", body);
}
