using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace PgBaton.Web;

/// <summary>The schemas of requests, read off the very types by which they are read.</summary>
static class Schemas
{
    public static JsonObject All() => new()
    {
        ["MigrationRequest"] = Of(WebJson.Default.MigrationRequest),
        ["WordRequest"] = Of(WebJson.Default.WordRequest),
        ["PaceRequest"] = Of(WebJson.Default.PaceRequest),
        ["ProviderRequest"] = Of(WebJson.Default.ProviderRequest),
        ["Problem"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
                from field in ProblemFields select KeyValuePair.Create(field.Name, (JsonNode?)new JsonObject { ["type"] = Nullable(field.Type) })),
        },
    };

    static readonly (string Name, string Type)[] ProblemFields =
    [
        ("type", "string"), ("title", "string"), ("status", "integer"), ("exit_code", "integer"), ("code", "string"), ("sqlstate", "string"),
        ("message", "string"), ("detail", "string"), ("hint", "string"), ("object", "string"),
    ];

    static JsonObject Of(JsonTypeInfo form) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject([.. form.Properties.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Field(field.PropertyType)))]),
    };

    static JsonObject Field(Type type)
    {
        var plain = System.Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(Via))
            return Words(Enum.GetNames<Via>());
        if (plain == typeof(LargeObjectChoice))
            return Words(Enum.GetNames<LargeObjectChoice>());
        if (plain == typeof(IReadOnlyList<string>))
            return new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } };
        var word = plain == typeof(bool) ? "boolean" : plain == typeof(double) ? "number" : plain == typeof(string) ? "string" : "integer";
        return new JsonObject { ["type"] = word };
    }

    static JsonObject Words(string[] words) => new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };

    static JsonArray Nullable(string type) => new((JsonNode)type, (JsonNode)"null");
}
