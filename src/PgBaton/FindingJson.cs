using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgBaton;

/// <summary>A finding as JSON: the fields of an error, and severity, fix and group.</summary>
sealed class FindingJson : JsonConverter<Finding>
{
    public override Finding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        return new Finding(
            Text(root, "code") ?? "", Enum.Parse<Severity>(Text(root, "severity") ?? "notice", ignoreCase: true), Text(root, "message") ?? "",
            Text(root, "detail"), Text(root, "fix"), Text(root, "object"), Text(root, "group"));
    }

    public override void Write(Utf8JsonWriter writer, Finding value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("code", value.Code);
        writer.WriteString("severity", Name(value.Severity));
        writer.WriteNull("sqlstate");
        writer.WriteString("message", value.Message);
        writer.WriteString("detail", value.Detail);
        writer.WriteString("hint", value.Fix);
        writer.WriteString("object", value.About);
        writer.WriteString("fix", value.Fix);
        writer.WriteString("group", value.Group);
        writer.WriteEndObject();
    }

    static string Name(Severity severity) => severity switch
    {
        Severity.Ok => "ok",
        Severity.Notice => "notice",
        Severity.Warning => "warning",
        _ => "blocker",
    };

    static string? Text(JsonElement root, string name)
        => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
