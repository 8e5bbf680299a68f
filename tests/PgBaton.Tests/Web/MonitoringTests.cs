using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Web;

/// <summary>What stands in deploy/monitoring against what is served.</summary>
public sealed partial class MonitoringTests
{
    static readonly string _folder = Path.Combine(Directory.GetParent(HelpTests.Docs)!.FullName, "deploy", "monitoring");

    [Theory]
    [InlineData("alerts.yaml")]
    [InlineData("grafana.json")]
    public async Task every_metric_that_is_named_is_served(string file)
    {
        await using var served = await Served.StartAsync();
        var metrics = await (await served.AskAsync(HttpMethod.Get, "/metrics")).Content.ReadAsStringAsync();
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, file));
        if (Path.GetExtension(file) == ".json")
        {
            var targets = JsonNode.Parse(text)!["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray());
            text = string.Join('\n', targets.Select(one => (string?)one!["expr"]));
        }

        var named = Metric().Matches(text).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains($"# TYPE {name} ", metrics, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"pgbaton_\w+")]
    private static partial Regex Metric();
}
