namespace PgBaton.Faults;

/// <summary>Somebody changes the source's schema in a step: it arrives, or the migration stops by name and goes on when that is settled.</summary>
public sealed class DdlTests
{
    public static TheoryData<string> Steps => Shard.Of(Migration.Steps.TakeWhile(step => step.Name != "open").Select(step => step.Name));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task a_column_is_added_in(string step)
    {
        await using var scene = await Scene.StartAsync($"DDL in {step}");
        var attending = new Operator(scene);
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.IsStepStarted(happened, step)));
        await AlterAsync(scene);

        var stops = new List<string>();
        for (var run = 1; ; run++)
        {
            Assert.True(run <= 8, $"not over after {run} runs: {string.Join(Environment.NewLine, stops)}");
            var (exitCode, errors) = await attending.FinishAsync(engine);
            if (await scene.IsOverAsync())
                break;
            stops.Add(errors);
            Assert.True(exitCode is 0 or 1 || (exitCode is 3 or 5 && errors.Contains("PB0509", StringComparison.Ordinal)), $"{exitCode}: {errors}");
            if (exitCode is 3 or 5)
                Assert.Equal(0, (await scene.CommandAsync("drift", "--apply")).ExitCode);
            engine = scene.StartEngine();
        }

        await scene.ProveHandedOverAsync("ALTER TABLE … ADD COLUMN", $"{step}: begun");
    }

    // As an application's own migration does it: a short lock time-out, and again. In a step inside the fence that may be after the cutover.
    static async Task AlterAsync(Scene scene)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await scene.Source.ExecuteAsync("SET lock_timeout = '500ms'; ALTER TABLE churn ADD COLUMN added int DEFAULT 7");
                await scene.SchemaHasChangedAsync();
                return;
            }
            catch (Npgsql.PostgresException failure) when (failure.SqlState is "55P03" or "57P01" && attempt < 40)
            {
                await Task.Delay(50);
            }
            catch (Npgsql.PostgresException failure) when (failure.SqlState == "25006")
            {
                return;
            }
        }
    }
}
