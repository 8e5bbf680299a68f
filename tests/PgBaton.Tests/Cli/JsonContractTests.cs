using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using PgBaton.Cli.Json;

namespace PgBaton.Tests.Cli;

/// <summary>docs/json.md is the contract: what stands there must be there. Fields are only ever added, in both places.</summary>
public sealed partial class JsonContractTests
{
    public static TheoryData<string> Events
        => [.. typeof(MigrationEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (string)kind.TypeDiscriminator!)];

    [Theory]
    [MemberData(nameof(Events))]
    public void an_event_has_the_fields_that_the_docs_promise(string name)
    {
        var line = Write(Sample(typeof(MigrationEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Single(kind => (string)kind.TypeDiscriminator! == name).DerivedType));
        var promised = Documented().GetValueOrDefault(name);

        Assert.True(promised is not null, $"docs/json.md has no line: | `{name}` | {string.Join(", ", Fields(line).Select(field => $"`{field}`"))} |");
        Assert.Equal(promised, Fields(line));
    }

    [Fact]
    public void every_line_begins_with_the_same_four_fields()
    {
        var output = new StringWriter();
        var writer = new EventWriter(output, TimeProvider.System);
        writer.Write(DateTimeOffset.UnixEpoch, new Notice("first"));
        writer.WriteResult("migrate", ExitCode.Done, null, null);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.All(lines, line => Assert.Equal(["schema", "at", "seq", "event"], line.EnumerateObject().Take(4).Select(field => field.Name)));
        Assert.Equal([1, 2], lines.Select(line => line.GetProperty("seq").GetInt32()));
        Assert.Equal("1970-01-01T00:00:00.000Z", lines[0].GetProperty("at").GetString());
        Assert.Equal("result", lines[1].GetProperty("event").GetString());
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("error").ValueKind);
    }

    [Fact]
    public void a_status_has_the_fields_that_the_docs_promise()
    {
        var status = EventWriter.FieldsOf(MigrationStatus.None("h:1/d"));
        var docs = File.ReadAllText(Path.Combine(HelpTests.Docs, "json.md"));

        Assert.Equal(
            ["name", "state", "step", "writer", "engine", "via", "paused", "lag", "slot", "tables", "copy", "definitions", "blockers", "last_error", "word",
             "refused", "downtime_seconds", "source_address", "target_address", "source_error", "next", "safe_to_close", "has_way_back", "stays_read_only"],
            status.Select(field => field.Key));
        Assert.All(status, field => Assert.Contains($"`{field.Key}`", docs, StringComparison.Ordinal));
        Assert.Equal(["total", "copied", "verified"], status["tables"]!.AsObject().Select(field => field.Key));
        Assert.Equal(["bytes_done", "bytes_total", "eta_seconds", "building"], status["copy"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public void passwords_do_not_pass()
    {
        var output = new StringWriter();
        new EventWriter(output, TimeProvider.System).Write(DateTimeOffset.UnixEpoch, new Notice("postgresql://me:canary@h/d and host=h password='can''ary x' user=u"));

        Assert.DoesNotContain("canary", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ary x", output.ToString(), StringComparison.Ordinal);
    }

    static JsonElement Write(MigrationEvent happened)
    {
        var output = new StringWriter();
        new EventWriter(output, TimeProvider.System).Write(DateTimeOffset.UnixEpoch, happened);
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    static List<string> Fields(JsonElement line)
        => [.. line.EnumerateObject().Select(field => field.Name).Except(["schema", "at", "seq", "event"])];

    static Dictionary<string, List<string>> Documented()
        => File.ReadLines(Path.Combine(HelpTests.Docs, "json.md")).SkipWhile(line => line != "## Events").TakeWhile(line => line != "## Result")
            .Select(line => Row().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups[1].Value, match => Field().Matches(match.Groups[2].Value).Select(field => field.Groups[1].Value).ToList());

    static MigrationEvent Sample(Type type)
    {
        var constructor = type.GetConstructors().Single(c => c.GetParameters() is not [var only] || only.ParameterType != type);
        return (MigrationEvent)constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType))]);
    }

    static object? Value(Type type)
        => type == typeof(string) ? "x"
            : type == typeof(Finding) ? new Finding("PB1001", Severity.Warning, "m")
            : type.IsValueType ? Activator.CreateInstance(type)
            : type.IsGenericType ? Array.CreateInstance(type.GetGenericArguments()[0], 0)
            : null;

    [GeneratedRegex(@"^\| `(\w+)` \| (.*) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Field();
}
