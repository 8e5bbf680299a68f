using System.Text.Json.Serialization.Metadata;

namespace PgBaton;

/// <summary>How a record of this library is written as JSON, for whoever passes it on: the form of <c>--json</c>.</summary>
public static class JsonForm
{
    /// <summary>MigrationStatus, MigrationPlan, MigrationReport, MigrationEvent, Finding, ErrorReport, WordOutcome.</summary>
    /// <exception cref="NotSupportedException">It has none.</exception>
    public static JsonTypeInfo<T> Of<T>()
        => PgBatonJson.Default.GetTypeInfo(typeof(T)) as JsonTypeInfo<T> ?? throw new NotSupportedException($"{typeof(T).Name} has no form as JSON");
}
