using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>Rows that are longer than memory should hold go by way of the disk, and arrive as they are.</summary>
public sealed class LongValuesTests : IDisposable
{
    const int LargestResidentSet = 256 << 20;

    // Not to be compressed, with all that texts, arrays and COPY have to escape; longer than Spool.From.
    const string Long = "(SELECT string_agg(md5((random() * g)::text) || E'\\t\\\\\"''é\\n,{}', '') FROM generate_series(1, 12000) g)";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgbaton-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, InlineData(StreamWire.Own), InlineData(StreamWire.Npgsql)]
    public async Task they_arrive_by_either_wire_whatever_is_done_to_them(StreamWire wire)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var database in new[] { source, target })
        {
            await database.ExecuteAsync(
                """
                CREATE TABLE doc (id int PRIMARY KEY, n int, t text, j jsonb, b bytea, a text[], c char(400000));
                CREATE TABLE bag (n int, t text);
                CREATE TABLE small (id int PRIMARY KEY, n int)
                """);
        }

        await using var migration = await RelayTests.StartAsync(source, target, wire);
        await source.ExecuteAsync($"INSERT INTO doc SELECT g, g, {Long}, to_jsonb({Long}), convert_to({Long}, 'UTF8'), ARRAY[{Long}, NULL, 'x'], 'c' FROM generate_series(1, 4) g");
        await source.ExecuteAsync("UPDATE doc SET n = n + 1 WHERE id <= 3"); // The rest is unchanged, and not in the stream.
        await source.ExecuteAsync("UPDATE doc SET id = id + 100 WHERE id = 3; DELETE FROM doc WHERE id = 4");
        await source.ExecuteAsync($"BEGIN; INSERT INTO small SELECT g, 0 FROM generate_series(1, 3000) g; UPDATE doc SET t = {Long} || t; UPDATE small SET n = id; COMMIT");
        await source.ExecuteAsync($"INSERT INTO bag SELECT n, v.t FROM (SELECT {Long} AS t) v, generate_series(1, 3) n; INSERT INTO bag SELECT * FROM bag");
        await source.ExecuteAsync("DELETE FROM bag WHERE ctid = (SELECT max(ctid) FROM bag WHERE n = 2); UPDATE bag SET t = 'short' WHERE ctid = (SELECT min(ctid) FROM bag WHERE n = 3)");
        var relay = await migration.RelayAsync(default);
        await relay.PassMarkerAsync(default);

        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Assert.Equal(5, await target.QueryAsync<long>("SELECT count(*) FROM bag"));
        Assert.InRange(relay.OrderedCount, 10, 3000); // Only tables with long rows are written in order.
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_value_of_hundreds_of_megabytes_passes_with_little_memory()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE doc (id int PRIMARY KEY, n int, t text)");
        using var engine = EngineProcess.Start(source.Uri, target.Uri);
        Assert.NotNull(await engine.WaitForAsync(element => EngineProcess.IsStepStarted(element, "follow")));
        await source.ExecuteAsync("INSERT INTO doc VALUES (1, 1, repeat('0123456789abcdef', 16 << 20))");
        await source.ExecuteAsync("UPDATE doc SET n = 2, t = t || '.'");
        await target.WaitForAsync("SELECT EXISTS (SELECT FROM doc WHERE n = 2)");

        var peak = File.ReadLines($"/proc/{engine.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Assert.InRange(long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], provider: null) * 1024, 1, LargestResidentSet);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    [Fact]
    public async Task a_full_spool_says_so_and_waits_until_something_has_left_it()
    {
        var told = new TaskCompletionSource();
        using var spool = new Spool(_folder.FullName, 1_000_000, told.SetResult);
        var first = await spool.KeepAsync(600_000, Filling(1), default);

        var second = spool.KeepAsync(600_000, Filling(2), default);
        await told.Task;
        Assert.False(second.IsCompleted);
        Assert.False(first.GetSpan().ContainsAnyExcept((byte)1));
        ((IDisposable)first).Dispose();

        Assert.False((await second).GetSpan().ContainsAnyExcept((byte)2));
        Assert.Throws<ObjectDisposedException>(() => first.GetSpan());
        Assert.Empty(_folder.GetFiles()); // Nobody could find them, whatever ends us.
    }

    [Fact]
    public async Task one_message_may_be_longer_than_all_of_the_spool()
    {
        using var spool = new Spool(_folder.FullName, 1000, () => Assert.Fail("nothing has to wait"));

        var only = await spool.KeepAsync(5000, Filling(3), default);

        Assert.Equal(5000, only.GetSpan().Length);
    }

    [Fact]
    public async Task a_full_disk_is_told_by_name()
    {
        await using var disk = await SmallDisk.MountAsync(_folder.FullName, megabytes: 1);
        using var spool = new Spool(_folder.FullName, Spool.Quota, () => Assert.Fail("nothing has to wait"));

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => spool.KeepAsync(4 << 20, Filling(1), default));

        Assert.Equal("PB0528", refusal.Code);
        Assert.Contains(_folder.FullName, refusal.Detail, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    static Func<Memory<byte>, CancellationToken, ValueTask<int>> Filling(byte with) => (piece, _) =>
    {
        piece.Span.Fill(with);
        return ValueTask.FromResult(piece.Length);
    };
}
