using System.Text.Json;

namespace PgBaton;

/// <summary>Reads what <see cref="PgBatonJson"/> wrote of a <see cref="SchemaStatus"/>, without the descriptions of types that its own reader has to make first.</summary>
static class SchemaStatusText
{
    public static SchemaStatus Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var status = document.RootElement;
        return new SchemaStatus(
            status.GetProperty("at").GetDateTimeOffset(), status.GetProperty("compared").GetInt32(), status.GetProperty("waiting").GetInt32(),
            [.. status.GetProperty("differences").EnumerateArray().Select(Difference)], Text(status, "not_compared"));
    }

    static SchemaDifference Difference(JsonElement difference)
        => new(Text(difference, "object")!, Text(difference, "what")!, Text(difference, "source"), Text(difference, "target"));

    static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;
}
