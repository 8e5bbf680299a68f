using NpgsqlTypes;
using PgBaton.Relay;
using PgBaton.Status;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests;

/// <summary>WAL that piles up behind a slot that nobody reads: told beforehand, forecast, and ended at the operator's limit.</summary>
public sealed class SlotWatchTests
{
    const int Megabyte = 1 << 20;

    [Fact]
    public async Task the_alarm_comes_before_the_limit_and_at_the_limit_the_slot_is_given_up()
    {
        await using var server = await OwnServer.StartAsync(TestServer.Source.Major, "wal_level = logical"); // What a slot keeps is everybody's WAL.
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY)", TestServer.At(server.Major, server.UriOf("postgres")), options => options with { MaxSlotWal = 40 * Megabyte });
        await CreateSlot.RunAsync(pair.Migration, default);
        await using var watch = await SlotWatch.OpenAsync(pair.Migration, default);
        await watch.LookAsync(default);
        Assert.Empty(Alarms(pair));
        Assert.Equal(TimeSpan.FromSeconds(10), watch.Next);

        await WriteAsync(pair, 24);
        await watch.LookAsync(default);
        Assert.InRange(watch.Next, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9)); // At this rate not much is left.
        await watch.LookAsync(default); // Told once.
        Assert.Equal("PB0522", Assert.Single(Alarms(pair)).Code);
        Assert.Contains("of 40 MB", Alarms(pair)[0].Message, StringComparison.Ordinal);

        await WriteAsync(pair, 10);
        await watch.LookAsync(default);
        Assert.Equal(2, Alarms(pair).Count);
        Assert.True(await pair.Source.QueryAsync<bool>(HasSlot));

        await WriteAsync(pair, 10);
        var stopped = await Assert.ThrowsAsync<MigrationException>(() => watch.LookAsync(default));
        Assert.Equal(("PB0521", ExitCode.Stopped), (stopped.Code, stopped.ExitCode));
        Assert.False(await pair.Source.QueryAsync<bool>(HasSlot));
        Assert.Equal("PB0521", (await Assert.ThrowsAsync<MigrationException>(() => RelaySlot.CheckAsync(pair.Migration, default))).Code); // Not: somebody dropped it.
    }

    [Fact]
    public async Task status_forecasts_when_an_unread_slot_is_lost()
    {
        await using var server = await OwnServer.StartAsync(TestServer.Source.Major, "wal_level = logical"); // What a slot keeps is everybody's WAL.
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY)", TestServer.At(server.Major, server.UriOf("postgres")), options => options with { MaxSlotWal = 1000 * Megabyte });
        await CreateSlot.RunAsync(pair.Migration, default);
        await using var watch = await SlotWatch.OpenAsync(pair.Migration, default);
        await watch.LookAsync(default);
        Assert.Null((await StatusAsync(pair)).LostInSeconds); // A moment is no rate.
        await WriteAsync(pair, 20);
        await pair.Target.ExecuteAsync("UPDATE pgbaton.fact SET set_at = set_at - interval '10 s' WHERE key = 'wal_seen'"); // As if those had taken ten seconds.

        var slot = await StatusAsync(pair);
        Assert.InRange(slot.SafeBytes!.Value, 900L * Megabyte, 981L * Megabyte);
        // At about 2 MB a second or less, if this machine was slow, or more, if others wrote as well.
        Assert.InRange(slot.LostInSeconds!.Value, 20, 3000);
        Assert.Equal(slot.SafeBytes.Value / slot.LostInSeconds.Value, (slot.RetainedBytes!.Value) / 10.0, tolerance: slot.RetainedBytes.Value);
    }

    [Theory]
    [InlineData("0/3000000", "0/1F00000", 838_860.8)] // Twice as much written as acknowledged.
    [InlineData("0/1000000", "0/1F00000", -838_860.8)]
    [InlineData("0/3000000", "0/0", null)] // Another slot.
    public void the_lag_grows_by_what_is_written_less_what_is_acknowledged(string written, string acknowledged, double? trend)
    {
        var seen = WalSeen.Read("source 0/1000000 10 0/F00000", age: 10)!;
        Assert.Equal(trend, seen.Trend("source", NpgsqlLogSequenceNumber.Parse(written), NpgsqlLogSequenceNumber.Parse(acknowledged)));
        Assert.Null(seen.Trend("target", NpgsqlLogSequenceNumber.Parse(written), NpgsqlLogSequenceNumber.Parse(acknowledged)));
    }

    const string HasSlot = "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE database = current_database())";

    static async Task<SlotStatus> StatusAsync(GatePair pair)
    {
        while (true)
        {
            if (await Migration.StatusAsync(new MigrationOptions { Source = pair.Source.Uri, Target = pair.Target.Uri }) is { SourceError: null, Slot: { } slot })
                return slot;
        }
    }

    static List<Warning> Alarms(GatePair pair)
    {
        lock (pair.Events)
            return [.. pair.Events.OfType<Warning>()];
    }

    // The last one commits, so that all of it is written out when this returns.
    static Task WriteAsync(GatePair pair, int megabytes)
        => pair.Source.ExecuteAsync(
            $"SELECT pg_logical_emit_message(false, '', repeat('x', {Megabyte})) FROM generate_series(1, {megabytes}); SELECT pg_logical_emit_message(true, '', '')");
}
