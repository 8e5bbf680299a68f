using System.Text.Json.Serialization;

namespace PgBaton.Web;

/// <summary>How requests are read: the options' names in snake_case. A field that is not known is refused: it was meant to do something.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(MigrationRequest))]
[JsonSerializable(typeof(WordRequest))]
[JsonSerializable(typeof(PaceRequest))]
[JsonSerializable(typeof(ProviderRequest))]
sealed partial class WebJson : JsonSerializerContext;
