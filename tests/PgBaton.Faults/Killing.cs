using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>kill -9 at a place, then the same command again, as often as it takes.</summary>
static class Killing
{
    const int MostRuns = 8;

    public static async Task RunAsync(string group, Place place, Moment moment, int times, int bytes = 0, bool bySubscription = false)
    {
        await using var scene = await Scene.StartAsync($"{group} {place}");
        var attending = new Operator(scene) { WaitsForServers = bySubscription };
        Trigger? armed = null;
        var killed = 0;
        for (var run = 1; !await scene.IsOverAsync(); run++)
        {
            Assert.True(run <= MostRuns, $"not over after {MostRuns} runs");
            if (armed is null && killed < times)
                armed = scene.At(place, moment, KillAsync, bytes);
            var engine = scene.StartEngine(bySubscription ? ["--via", "subscription"] : []);
            await attending.AttendAsync(engine);
            var (exitCode, errors) = await engine.EndAsync();
            if (exitCode == 137)
            {
                await armed!.Reached;
                (armed, killed) = (null, killed + 1);
                await scene.ApplicationGoesOnAsync();
            }
            else
            {
                Assert.True(exitCode is 0 or 1, $"run {run} ended with {exitCode}: {errors}"); // 1: failed for now, run it again.
            }
        }

        Assert.True(killed > 0, $"no \"{place}\" in the whole run");
        await scene.ProveHandedOverAsync(group, place.ToString());

        async Task KillAsync(Link link)
        {
            await scene.NewestEngine.KillAsync();
            await link.CloseAsync();
        }
    }
}
