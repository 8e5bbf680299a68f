using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PgBaton.Web;

/// <summary>The API's own description (OpenAPI 3.1), made from the table of routes, so that neither knows a route that the other does not.</summary>
static partial class OpenApi
{
    public const string Path = "/api/v1/openapi.json";

    public static JsonObject Describe(IReadOnlyList<Route> routes)
    {
        var paths = new JsonObject();
        foreach (var path in routes.GroupBy(route => route.Path))
        {
            var operations = path.Select(route => KeyValuePair.Create(route.Method.ToLowerInvariant(), (JsonNode?)Operation(route)));
            paths[path.Key] = new JsonObject(operations);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "pgbaton", ["version"] = typeof(Migration).Assembly.GetName().Version!.ToString(3) },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = Schemas.All(),
            },
        };
    }

    static JsonObject Operation(Route route)
    {
        var operation = new JsonObject
        {
            ["summary"] = route.Summary,
            ["parameters"] = new JsonArray([.. Parameter().Matches(route.Path).Select(match => (JsonNode)new JsonObject
            {
                ["name"] = match.Groups[1].Value, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" },
            })]),
            ["responses"] = new JsonObject
            {
                ["2XX"] = new JsonObject { ["description"] = "done, or begun", ["content"] = new JsonObject { [route.Gives] = new JsonObject() } },
                ["default"] = new JsonObject { ["description"] = "why not", ["content"] = Content(Problem.MediaType, "Problem") },
            },
        };
        if (route.Takes is { } schema)
            operation["requestBody"] = new JsonObject { ["content"] = Content(Route.Json, schema) };
        return operation;
    }

    static JsonObject Content(string mediaType, string schema)
        => new() { [mediaType] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" } } };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
