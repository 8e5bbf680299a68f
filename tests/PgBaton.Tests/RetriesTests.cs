namespace PgBaton.Tests;

/// <summary>What counts as progress between two tries.</summary>
public sealed class RetriesTests
{
    [Fact]
    public async Task only_what_was_achieved_counts_as_progress()
    {
        await using var migration = Migration.Open(new MigrationOptions { Source = "postgresql://h/a", Target = "postgresql://h/b" });
        migration.Report(new TableCopied("t", 1, 1, "0/1"));
        var achieved = migration.Milestone;

        migration.Report(new StepStarted("copy", ""));
        migration.Report(new Notice("copying 3 tables as of 0/2")); // Said again by each try, with another position.
        migration.Report(new CopyProgress("u", 10, 20));
        migration.Report(new Retrying(1, "", 1));
        Assert.Equal(achieved, migration.Milestone);

        migration.Report(new LagMeasured(10, 1, "0/3", 0, 0, 0));
        var applied = migration.Milestone;
        migration.Report(new LagMeasured(20, 2, "0/3", 0, 0, 0)); // The source went on, the target did not.
        Assert.Equal(applied, migration.Milestone);
        migration.Report(new LagMeasured(20, 2, "0/4", 0, 0, 0));
        Assert.NotEqual(applied, migration.Milestone);
    }
}
