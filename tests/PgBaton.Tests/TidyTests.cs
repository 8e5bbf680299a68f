namespace PgBaton.Tests;

public sealed class TidyTests
{
    [Fact]
    public void every_step_has_a_name_of_its_own() => Assert.Equal(Migration.Steps.Length, Migration.Steps.Select(step => step.Name).Distinct().Count());
}
