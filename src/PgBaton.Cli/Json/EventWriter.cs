using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgBaton.Cli.Json;

/// <summary>
/// The contract of <c>--json</c>: one object a line, the last one the result. Fields are only ever added; docs/json.md lists them, held by a test.
/// </summary>
sealed class EventWriter(TextWriter output, TimeProvider time)
{
    /// <summary>Raised only if a field ever had to change its meaning.</summary>
    public const int Schema = 1;

    static readonly JsonSerializerOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    long _seq;

    /// <summary>Something that happened.</summary>
    public void Write(DateTimeOffset at, MigrationEvent happened) => Write(at, FieldsOf(happened));

    /// <summary>A status that is not the last word of a command.</summary>
    public void Write(MigrationStatus status)
        => Write(time.GetUtcNow(), new JsonObject([new("event", "status"), .. FieldsOf(status)]));

    /// <summary>The last line.</summary>
    /// <param name="command">As typed: <c>migrate</c>.</param>
    /// <param name="exitCode">What the process returns.</param>
    /// <param name="error">Null if nothing went wrong.</param>
    /// <param name="more">Further fields of this command; null for none.</param>
    public void WriteResult(string? command, ExitCode exitCode, ErrorReport? error, JsonObject? more)
    {
        var result = new JsonObject
        {
            ["event"] = "result",
            ["command"] = command,
            ["exit_code"] = (int)exitCode,
            ["error"] = error is null ? null : JsonSerializer.SerializeToNode(error, PgBatonJson.Default.ErrorReport),
        };
        Append(result, more ?? []);
        Write(time.GetUtcNow(), result);
    }

    /// <summary>The fields of section "status" of the contract.</summary>
    public static JsonObject FieldsOf(MigrationStatus status)
        => JsonSerializer.SerializeToNode(status, StatusJson.Default.MigrationStatus)!.AsObject();

    /// <summary>The field <c>report</c> of that command's result.</summary>
    public static JsonNode FieldOf(Evidence.MigrationReport report) => JsonSerializer.SerializeToNode(report, PgBatonJson.Default.MigrationReport)!;

    /// <summary>Its kind, and its fields beside it; a finding's own fields stand there as well.</summary>
    public static JsonObject FieldsOf(MigrationEvent happened)
    {
        var fields = JsonSerializer.SerializeToNode(happened, PgBatonJson.Default.MigrationEvent)!.AsObject();
        if (happened is not FindingReported)
            return fields;
        var finding = fields["finding"]!.AsObject();
        fields.Remove("finding");
        Append(fields, finding);
        return fields;
    }

    void Write(DateTimeOffset at, JsonObject fields)
    {
        var line = new JsonObject
        {
            ["schema"] = Schema,
            ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["seq"] = ++_seq,
        };
        Append(line, fields);
        output.WriteLine(Secrets.Remove(line.ToJsonString(_readable)));
        output.Flush();
    }

    static void Append(JsonObject to, JsonObject from)
    {
        foreach (var (name, value) in from)
            to[name] = value?.DeepClone();
    }
}
