using System.Globalization;

namespace PgBaton.Faults;

/// <summary>kill -9 at any time. The times depend on the seed.</summary>
public sealed class RandomKillTests
{
    const int KillsPerScene = 10;

    /// <summary>PGBATON_KILLS=2000 for a night.</summary>
    static int Kills => int.TryParse(Environment.GetEnvironmentVariable("PGBATON_KILLS"), CultureInfo.InvariantCulture, out var given) ? given : 200;

    public static TheoryData<int> Scenes => Shard.Of(Enumerable.Range(1, Math.Max(1, Kills / KillsPerScene)));

    [Theory]
    [MemberData(nameof(Scenes))]
    public async Task killed_at_random(int number)
    {
        await using var scene = await Scene.StartAsync($"random {number}");
        var attending = new Operator(scene);
        var killed = 0;
        // Sometimes a storm in which no run gets far, sometimes long enough for most of a step.
        var longest = scene.Random.Next(2) == 0 ? 2_000 : 10_000;
        while (!await scene.IsOverAsync())
        {
            var engine = scene.StartEngine();
            var attended = attending.AttendAsync(engine);
            if (killed < KillsPerScene && await Task.WhenAny(attended, Task.Delay(scene.Random.Next(200, longest))) != attended)
            {
                await engine.KillAsync();
                killed++;
            }

            await attended;
            var (exitCode, errors) = await engine.EndAsync();
            Assert.True(exitCode is 0 or 1 or 137, $"ended with {exitCode}: {errors}");
        }

        await scene.ProveHandedOverAsync("kill at random", $"{killed} times within {longest / 1000} s each");
    }
}
