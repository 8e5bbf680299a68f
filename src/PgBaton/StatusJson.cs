using System.Text.Json.Serialization;

namespace PgBaton;

/// <summary>
/// How a status is written, in the form of <see cref="PgBatonJson"/>. Written by code that was made for it when we were compiled, and not by descriptions
/// of its types that a process first has to make: those took a quarter of a status's time.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MigrationStatus))]
sealed partial class StatusJson : JsonSerializerContext;
