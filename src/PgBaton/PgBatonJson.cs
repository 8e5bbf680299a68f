using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgBaton.Postgres;

namespace PgBaton;

/// <summary>How every record of ours is written as JSON: snake_case, LSNs as strings, null where unknown. No reflection at run time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    AllowOutOfOrderMetadataProperties = true)] // jsonb keeps no order of keys.
[JsonSerializable(typeof(MigrationEvent))]
[JsonSerializable(typeof(JournalServer))]
[JsonSerializable(typeof(JournalScope))]
[JsonSerializable(typeof(WordArguments))]
[JsonSerializable(typeof(WordOutcome))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(Onlookers.Occasion))]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(Verify.VerificationReport))]
[JsonSerializable(typeof(IReadOnlyList<Verify.RowDifference>))]
[JsonSerializable(typeof(MigrationPlan))]
[JsonSerializable(typeof(MigrationStatus))]
[JsonSerializable(typeof(SchemaStatus))]
[JsonSerializable(typeof(Evidence.MigrationReport))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(List<string>), TypeInfoPropertyName = "ListString")]
sealed partial class PgBatonJson : JsonSerializerContext
{
    /// <summary>For the journal. Letters stand as they are: a database without an encoding takes no escape of one in its jsonb.</summary>
    public static PgBatonJson Journal => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new WholeLetters() },
    });

    // A byte that is no letter (KeptBytes) is shown as U+FFFD: half of a pair would be written as an escape.
    sealed class WholeLetters : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(KeptBytes.Shown(value));

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(KeptBytes.Shown(value));
    }
}
