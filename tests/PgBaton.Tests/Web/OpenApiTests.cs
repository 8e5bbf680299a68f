using System.Net;
using System.Text.Json.Nodes;

namespace PgBaton.Tests.Web;

public sealed class OpenApiTests
{
    [Fact]
    public async Task the_document_and_the_routes_are_the_same_set()
    {
        await using var served = await Served.StartAsync();
        var document = await served.GetAsync("/api/v1/openapi.json");
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));
        var routed = served.Endpoints.Where(endpoint => endpoint.Contains(" /api/v1/", StringComparison.Ordinal) && !endpoint.EndsWith("openapi.json", StringComparison.Ordinal));

        Assert.Equal(routed.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        Assert.Equal("3.1.0", (string?)document["openapi"]);
    }

    [Fact]
    public async Task every_described_operation_is_answered()
    {
        await using var served = await Served.StartAsync();
        var document = await served.GetAsync("/api/v1/openapi.json");
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, _) in operations!.AsObject())
            {
                var concrete = path.Replace("{code}", "PB0001", StringComparison.Ordinal).Replace("{id}", "000", StringComparison.Ordinal)
                    .Replace("{word}", "pause", StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal);
                using var answer = await served.AskAsync(new HttpMethod(method.ToUpperInvariant()), concrete, method is "get" or "delete" ? null : new { });
                Assert.NotEqual(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
                if (!answer.IsSuccessStatusCode)
                    Assert.StartsWith("PB", (string?)(await Served.ProblemOf(answer))["code"], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task every_field_of_the_document_is_taken_and_no_other()
    {
        await using var served = await Served.StartAsync();
        var document = await served.GetAsync("/api/v1/openapi.json");
        foreach (var (name, field) in document["components"]!["schemas"]!["MigrationRequest"]!["properties"]!.AsObject())
        {
            var value = (string?)field!["type"] switch
            {
                "array" => (JsonNode)new JsonArray("x"),
                "boolean" => false,
                "integer" => 2,
                _ => (field["enum"]?[0])?.DeepClone() ?? "x",
            };
            using var answer = await served.AskAsync(HttpMethod.Post, "/api/v1/migrations", new JsonObject { [name] = value });
            var problem = await Served.ProblemOf(answer);
            Assert.DoesNotContain("no such field", (string?)problem["message"], StringComparison.Ordinal); // What it lacks is another matter.
        }

        using var unknown = await served.AskAsync(HttpMethod.Post, "/api/v1/migrations", new { source = "host=a", target = "host=b", on_switch = "rm -rf /" });
        Assert.Equal((HttpStatusCode.BadRequest, "PB0042"), (unknown.StatusCode, (string?)(await Served.ProblemOf(unknown))["code"]));
    }
}
