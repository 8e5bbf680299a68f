namespace PgBaton.Tests.Preflight;

/// <summary>Each fault is found, and taken for no other one; databases without one pass.</summary>
public sealed class PlantedFaultTests
{
    // The servers' release, and transactions that other tests hold open on the shared servers.
    static readonly string[] _ofTheServers = ["PB1013", "PB1023", "PB1025"];

    public static TheoryData<string> Faults => [.. PlantedFaults.All.Keys];

    public static TheoryData<string> Healthy => [.. HealthyDatabases.All.Keys];

    [Theory]
    [Trait("Length", "Long")]
    [MemberData(nameof(Faults))]
    public Task a_fault_is_found_and_no_other_blocker(string name) => MustBeFoundAsync(PlantedFaults.All[name]);

    [Theory]
    [InlineData("no key")]
    [InlineData("a hypertable")]
    [InlineData("an event trigger that forbids to drop triggers")]
    [InlineData("an extension that is missing and needed")]
    [InlineData("a collation that has changed")]
    [InlineData("a table of another owner")]
    [InlineData("a row that cannot be read")]
    [InlineData("a role with few connections")]
    public Task a_fault_is_found(string name) => MustBeFoundAsync(PlantedFaults.All[name]);

    [Theory]
    [Trait("Length", "Long")]
    [MemberData(nameof(Healthy))]
    public async Task a_healthy_database_passes(string name)
    {
        var report = await new Plant("", Severity.Ok, HealthyDatabases.All[name]).AskAsync();
        Assert.DoesNotContain(report.Findings, finding => finding.Severity >= Severity.Warning && !IsOfTheServers(finding));
    }

    static async Task MustBeFoundAsync(Plant plant)
    {
        var report = await plant.AskAsync();
        Assert.Contains(report.Findings, finding => finding.Code == plant.Code && finding.Severity == plant.Severity);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity == Severity.Blocker && finding.Code != plant.Code);
    }

    static bool IsOfTheServers(Finding finding) => finding.Severity < Severity.Blocker && _ofTheServers.Contains(finding.Code);
}
