using System.Diagnostics;
using PgBaton.Cutover;
using PgBaton.Gate;
using PgBaton.Sequences;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

public sealed class ScaleTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Length", "Long")]
    public async Task a_thousand_tables_with_a_thousand_sequences_are_cut_over_in_seconds()
    {
        await using var pair = await GatePair.CreateAsync(
            string.Join(';', Enumerable.Range(0, 1000).Select(i => $"CREATE TABLE t{i} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, b text, c timestamptz)")));
        await pair.Source.ExecuteAsync(string.Join(';', Enumerable.Range(0, 1000).Select(i => $"SELECT setval('t{i}_id_seq', {i + 1})")));
        await TimeAsync("follow", pair.FollowAsync);
        await TimeAsync("arm", pair.ArmAsync);
        await TimeAsync("arm again", pair.ArmAsync);
        await TimeAsync("fence", () => SetFence.RunAsync(pair.Migration, default));
        await TimeAsync("lift", () => SetFence.UndoAsync(pair.Migration, default));
        await TimeAsync("fence", () => SetFence.RunAsync(pair.Migration, default));
        var sequences = await TimeAsync("sequences", () => SetSequences.RunAsync(pair.Migration, default));
        await TimeAsync("open", () => DecideAndOpen.RunAsync(pair.Migration, default));
        await TimeAsync("drop on the target", () => TargetGate.DropAsync(pair.Migration, default));
        await TimeAsync("drop on the source", () => SourceGate.DropAsync(pair.Migration, default));
        var downtime = pair.Event<TargetOpened>().DowntimeSeconds;
        output.WriteLine($"downtime {downtime:0.000} s");
        Assert.Equal(1000L, await pair.Target.QueryAsync<long>("SELECT last_value FROM t999_id_seq"));
        Assert.InRange(sequences.TotalSeconds, 0, 5);
        Assert.InRange(downtime, 0, 10);
    }

    async Task<TimeSpan> TimeAsync(string what, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        output.WriteLine($"{what} {watch.Elapsed.TotalSeconds:0.000} s");
        return watch.Elapsed;
    }
}
