using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgBaton.Tests.ControlPlane;

/// <summary>
/// What PlanetScale's OpenAPI description (v1, August 2026) says of the requests used here: paths, the fields of the bodies with their types and allowed
/// values, the answers' shapes. A parameter has its new value only when the change request has been seen to complete.
/// </summary>
sealed class PlanetScaleServer : ApiServer
{
    public const string Token = "canary-id:canary-secret";
    public const string Password = "canary-planetscale-password";

    const string Database = "/organizations/acme/databases/shop";
    const string Branch = $"{Database}/branches/main";

    static readonly string[] _databaseFields = ["name", "region", "cluster_size", "replicas", "kind", "major_version", "storage"];
    static readonly string[] _changeFields = ["cluster_size", "replicas", "parameters", "storage"];
    static readonly string[] _storageFields = ["minimum_storage_bytes", "maximum_storage_bytes", "storage_autoscaling", "storage_iops", "storage_throughput_mibs"];
    static readonly string[] _roleFields = ["name", "ttl", "inherited_roles", "with_replication", "require_where_on_delete", "require_where_on_update"];

    static readonly string[] _inheritable =
    [
        "pg_checkpoint", "pg_create_subscription", "pg_maintain", "pg_monitor", "pg_read_all_data", "pg_read_all_settings", "pg_read_all_stats", "pg_signal_backend",
        "pg_stat_scan_tables", "pg_use_reserved_connections", "pg_write_all_data", "postgres",
    ];

    readonly Dictionary<string, string> _parameters = new() { ["max_worker_processes"] = "4", ["wal_level"] = "replica", ["max_connections"] = "100" };
    JsonObject? _asked;
    int _looks;
    long _disk;

    /// <summary>The branch is on Metal.</summary>
    public bool IsMetal { get; init; }

    /// <summary>What a change request ends as.</summary>
    public string Outcome { get; init; } = "completed";

    public string this[string parameter] => _parameters[parameter];

    /// <summary>The body of the last request that was none of the questions.</summary>
    public JsonObject? Changed { get; private set; }

    protected override (int Status, string Type, string Body) Answer(HttpListenerRequest request, string body)
    {
        Requests.Add($"{request.HttpMethod} {request.Url!.AbsolutePath}");
        if (request.Headers["Authorization"] != Token)
            return Json(401, """{"code": "unauthorized", "message": "invalid service token"}""");
        Must(request.Headers["Accept"] == "application/json", "no Accept");
        if (request.HttpMethod != "GET")
        {
            Must(request.ContentType!.StartsWith("application/json", StringComparison.Ordinal), "a body that is not JSON");
            Changed = JsonNode.Parse(body)!.AsObject();
        }

        return (request.HttpMethod, request.Url.AbsolutePath) switch
        {
            ("GET", "/organizations/acme/regions") => Page(
                request, """{"slug": "eu-central", "display_name": "AWS eu-central-1", "enabled": true, "postgresql_supported": true}""",
                """{"slug": "gcp-us-central1", "display_name": "GCP us-central1", "enabled": true, "postgresql_supported": true}"""),
            ("GET", "/organizations/acme/cluster-size-skus") => Sizes(request),
            ("POST", "/organizations/acme/databases") => Create(),
            ("GET", Database) => Json(200, DatabaseText(isReady: true)),
            ("GET", Branch) => Json(200, $$"""{"name": "main", "metal": {{(IsMetal ? "true" : "false")}}, "cluster_name": "M_160"}"""),
            ("GET", $"{Branch}/parameters") => Json(200, $"[{string.Join(", ", _parameters.Select(Parameter))}, {Parameter(KeyValuePair.Create("pool_mode", "transaction"), "pgbouncer")}]"),
            ("GET", $"{Branch}/changes") => Page(request, $$"""{"id": "old", "state": "completed", "minimum_storage_bytes": {{_disk}}}"""),
            ("PATCH", $"{Branch}/changes") => Change(),
            ("GET", $"{Branch}/changes/change-1") => Look(),
            ("POST", $"{Branch}/roles") => Role(),
            _ => Json(404, """{"code": "not_found", "message": "Not Found"}"""),
        };
    }

    (int, string, string) Sizes(HttpListenerRequest request)
    {
        Must(request.QueryString["engine"] == "postgresql", "the sizes of the other engine");
        return Json(200, """
            [{"name": "PS_10", "metal": false, "storage": null, "enabled": true}, {"name": "M_160", "metal": true, "storage": 107374182400, "enabled": true},
             {"name": "PS_80", "metal": false, "storage": null, "enabled": false}]
            """);
    }

    (int, string, string) Create()
    {
        Must(Changed!.All(field => _databaseFields.Contains(field.Key)), "unknown fields of a database");
        Must(Changed!["name"]!.GetValueKind() == JsonValueKind.String && Changed["cluster_size"]!.GetValueKind() == JsonValueKind.String, "name and cluster_size are required");
        Must((string?)Changed["kind"] == "postgresql" && Changed["major_version"]!.GetValueKind() == JsonValueKind.String, "kind, or a version that is no string");
        Must((string?)Changed["region"] is null or "eu-central", "region");
        CheckStorage();
        return Json(201, DatabaseText(isReady: false));
    }

    (int, string, string) Change()
    {
        Must(_asked is null && Changed!.All(field => _changeFields.Contains(field.Key)), "unknown fields of a change, or a second one while the first goes on");
        foreach (var (name, values) in Changed!["parameters"]?.AsObject() ?? [])
            Must(name is "patroni" or "pgconf" or "pgbouncer" && values!.AsObject().All(value => value.Value!.GetValueKind() == JsonValueKind.String), "parameters by namespace, as strings");
        CheckStorage();
        _asked = Changed;
        return Json(200, """{"id": "change-1", "state": "queued"}""");
    }

    // Pending, resizing, then as it ends.
    (int, string, string) Look()
    {
        var state = ++_looks switch { 1 => "pending", 2 => "resizing", _ => Outcome };
        if (state == "completed")
        {
            foreach (var (name, value) in _asked!["parameters"]?["pgconf"]?.AsObject() ?? [])
                _parameters[name] = (string)value!;
            _disk = (long?)_asked["storage"]?["minimum_storage_bytes"] ?? _disk;
            _asked = null;
        }

        return Json(200, $$"""{"id": "change-1", "state": "{{state}}"}""");
    }

    (int, string, string) Role()
    {
        Must(Changed!.All(field => _roleFields.Contains(field.Key)) && Changed!["with_replication"]!.GetValueKind() == JsonValueKind.True, "unknown fields of a role, or no replication");
        Must(Changed!["inherited_roles"]!.AsArray().All(role => _inheritable.Contains((string)role!)), "a role that nobody can inherit");
        return Json(200, $$"""{"id": "r1", "username": "pscale_api_x.branch1", "password": "{{Password}}", "access_host_url": "aws-eu-central-1-1.pg.psdb.cloud", "database_name": "postgres"}""");
    }

    void CheckStorage()
    {
        foreach (var (name, value) in Changed!["storage"]?.AsObject() ?? [])
            Must(_storageFields.Contains(name) && value!.GetValueKind() == JsonValueKind.Number, "unknown fields of storage");
    }

    // One a page, so that they have to be walked.
    static (int, string, string) Page(HttpListenerRequest request, params string[] items)
    {
        var page = int.Parse(request.QueryString["page"] ?? "1", provider: null);
        return Json(200, $$"""{"type": "list", "current_page": {{page}}, "next_page": {{(page < items.Length ? page + 1 : "null")}}, "data": [{{items[page - 1]}}]}""");
    }

    static string DatabaseText(bool isReady)
        => $$"""
        {"name": "shop", "ready": {{(isReady ? "true" : "false")}}, "default_branch": "main", "kind": "postgresql",
         "region": {"slug": "eu-central", "public_ip_addresses": ["192.0.2.1", "192.0.2.2"]} }
        """;

    static string Parameter(KeyValuePair<string, string> parameter) => Parameter(parameter, "pgconf");

    static string Parameter(KeyValuePair<string, string> parameter, string space)
        => $$"""{"name": "{{parameter.Key}}", "namespace": "{{space}}", "value": null, "default_value": "{{parameter.Value}}", "restart": {{(parameter.Key == "max_connections" ? "false" : "true")}}}""";

    static (int, string, string) Json(int status, string body) => (status, "application/json", body);
}
