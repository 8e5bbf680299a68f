using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgBaton.Web;

/// <summary>What a migration was said to take. It is of what was chosen then: another choice takes something else.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Of">The choices.</param>
/// <param name="Plan">As <c>POST /plan</c> gives it.</param>
sealed record Planned(DateTimeOffset At, string Of, JsonNode Plan)
{
    public static async Task<Planned> MakeAsync(MigrationOptions options, DateTimeOffset at, CancellationToken ct)
        => new(at, Choices(options), JsonSerializer.SerializeToNode(await Migration.PlanAsync(options, ct), JsonForm.Of<MigrationPlan>())!);

    public bool IsOf(MigrationOptions options) => Of == Choices(options);

    static string Choices(MigrationOptions options)
        => $"{Migration.AddressesOf(options)} {JsonSerializer.Serialize(MigrationRequest.Of(options), WebJson.Default.MigrationRequest)}";
}
