using System.Diagnostics;
using PgBaton.Postgres;
using PgBaton.Postgres.Wire;
using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>The driver is the oracle: our own wire brings the same messages, and leaves the slot as free.</summary>
public sealed class StreamWireTests
{
    const string Work =
        """
        CREATE TABLE keyed (id int PRIMARY KEY, v text);
        ALTER TABLE keyed ALTER v SET STORAGE EXTERNAL;
        """;

    [Fact]
    public void the_runtime_still_has_what_spares_the_relay_a_third_of_its_work()
    {
        Assert.True(OperatingSystem.IsWindows() || WireTransport.HasInlineCompletions);
    }

    static readonly string[] _changes =
    [
        "INSERT INTO keyed SELECT g, repeat(md5(g::text), g % 50) FROM generate_series(1, 20000) g",
        // Around the sizes of the buffers, and far beyond.
        "INSERT INTO keyed SELECT 30000 + g, repeat('x', (ARRAY[65499, 65536, 131000, 131031, 131072, 140000, 1000000, 30000000])[g]) FROM generate_series(1, 8) g",
        "UPDATE keyed SET v = 'short' WHERE id < 2000 OR id > 30000",
        "DELETE FROM keyed WHERE id % 3 = 0",
        "TRUNCATE keyed",
    ];

    [Theory]
    [InlineData("disable")]
    [InlineData("require")]
    public async Task both_wires_bring_the_same_messages_again_and_again(string sslmode)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var database in new[] { source, target })
            await database.ExecuteAsync(Work);
        await using var migration = await RelayTests.StartAsync(source, target);
        foreach (var change in _changes)
            await source.ExecuteAsync(change);
        var end = Marker.NewContent();
        await using (var connection = await source.OpenAsync())
            await Marker.WriteAsync(connection, end, default);

        var publisher = await PgBaton.Postgres.Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, $"{source.Uri}?sslmode={sslmode}"), default);
        var direction = migration.Direction with { Publisher = publisher };
        var expected = await ReadAsync(direction, StreamWire.Npgsql, end);
        // Nothing is acknowledged, so that each reads all of it; that the slot is free for the next one is waited for by nobody.
        Assert.Equal(expected, await ReadAsync(direction, StreamWire.Own, end));
        Assert.Equal(expected, await ReadAsync(direction, StreamWire.Own, end));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_stream_is_left_in_the_middle_of_a_large_transaction()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var database in new[] { source, target })
            await database.ExecuteAsync(Work);
        await using var migration = await RelayTests.StartAsync(source, target);
        await source.ExecuteAsync("INSERT INTO keyed SELECT g, repeat(md5(g::text), 10) FROM generate_series(1, 400000) g");

        var stream = await SourceStream.OpenAsync(migration.Direction, StreamWire.Own, default, _ => { }, default);
        await stream.Messages.ReadAsync();
        var watch = Stopwatch.StartNew();
        await stream.DisposeAsync();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.False(await source.QueryAsync<bool>("SELECT active FROM pg_replication_slots WHERE database = current_database()"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task what_was_acknowledged_is_known_when_a_stream_is_left()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var migration = await RelayTests.StartAsync(source, target);
        var now = Lsn.Parse(await source.QueryAsync<string>("SELECT pg_emit_lsn::text FROM pg_logical_emit_message(true, 'test', 'test') AS pg_emit_lsn"));
        var stream = await SourceStream.OpenAsync(migration.Direction, StreamWire.Own, default, _ => { }, default);
        await stream.Messages.ReadAsync();
        stream.Acknowledge(now);
        await stream.DisposeAsync();
        Assert.Equal(now.ToString(), await source.QueryAsync<string>("SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE database = current_database()"));
        await CreateSlot.UndoAsync(migration, default);
    }

    // Of each message its hash: together they may be large. A table is described again whenever something (autovacuum, a full
    // queue of invalidations) made the server forget that it had been, which is another time for each reader: a description
    // counts where it says something new.
    static async Task<List<string>> ReadAsync(Direction direction, StreamWire wire, string end)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var stream = await SourceStream.OpenAsync(direction, wire, default, _ => { }, patience.Token);
        var (messages, described, table, isOver) = (new List<string>(), new HashSet<string>(), 0u, false);
        while (true)
        {
            var block = await stream.Messages.ReadAsync(patience.Token);
            while (block.TryRead(out var message))
            {
                var said = $"{(char)message.Span[0]} {message.Length} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(message.Span))[..16]}";
                if (message.Span[0] != 'R' || described.Add(said))
                    messages.Add(said);
                isOver |= Marker.Read(message.Span, ref table) == end;
                if (isOver && message.Span[0] == 'C')
                    return messages;
            }
        }
    }
}
