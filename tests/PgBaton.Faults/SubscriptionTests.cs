using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>The stream in the hands of the servers, and on its way from one to the other.</summary>
public sealed class SubscriptionTests
{
    public static TheoryData<string> WhereItChangesHands => Shard.Of(Places.OfSubscription.Select(place => place.ToString()));

    [Theory]
    [MemberData(nameof(WhereItChangesHands))]
    public Task killed_before(string place)
        => Killing.RunAsync("subscription: kill before", Places.Of(place), Moment.Before, times: 1, bySubscription: true);

    [Theory]
    [MemberData(nameof(WhereItChangesHands))]
    public Task killed_after_and_again_while_resuming(string place)
        => Killing.RunAsync("subscription: kill after, twice", Places.Of(place), Moment.After, times: 2, bySubscription: true);

    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task a_server_crashes_while_the_servers_carry_the_changes(string side)
    {
        await using var scene = await Scene.StartAsync($"subscription crash {side}");
        var place = Places.Of("follow: row marker");
        var crashed = scene.At(place, Moment.After, _ => scene.CrashAsync(side == "source" ? scene.SourceServer : scene.TargetServer));
        var attending = new Operator(scene) { WaitsForServers = true };
        for (var run = 1; !await scene.IsOverAsync(); run++)
        {
            Assert.True(run <= 8, "not over after 8 runs");
            var (exitCode, errors) = await attending.FinishAsync(scene.StartEngine("--via", "subscription"));
            Assert.True(exitCode is 0 or 1, $"run {run} ended with {exitCode}: {errors}");
        }

        Assert.True(crashed.Reached.IsCompleted);
        await scene.ProveHandedOverAsync($"subscription: crash of the {side}", place.ToString());
    }
}
