using PgBaton.Evidence;
using PgBaton.Web;

namespace PgBaton.Tests.Web;

/// <summary>What is seen of the lag while the servers carry the changes.</summary>
public sealed class SeenLagTests
{
    static readonly DateTimeOffset _begun = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static MigrationStatus Status(long bytes) => MigrationStatus.None("h:1/d") with { State = "in-sync", Lag = new LagStatus(bytes, 0, null, "0/1", null, null, null, null) };

    [Fact]
    public void it_stays_a_line_however_long_it_is_seen_and_is_forgotten_with_its_migration()
    {
        var seen = new SeenLag();
        for (var second = 0; second < 100_000; second++)
            seen.Add(_begun.AddSeconds(second), Status(second));

        var line = seen.Beside([]);
        Assert.InRange(line.Count, 250, 601);
        Assert.Equal(0, line[0].Bytes);
        Assert.InRange(line[^1].Bytes, 99_000, 100_000);
        Assert.Equal([7L, 0L], seen.Beside([new ReportedLag(_begun.AddSeconds(-1), 7, 0)]).Take(2).Select(one => one.Bytes)); // What the journal has of before.

        seen.Add(_begun, MigrationStatus.None("h:1/d"));
        Assert.Empty(seen.Beside([]));
        seen.Add(_begun, Status(1));
        seen.Add(_begun.AddMilliseconds(700), Status(2));
        Assert.Equal(2, seen.Beside([]).Count);
    }
}
