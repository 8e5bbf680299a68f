using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>What the relay does when it is cut off, when the slot is not what it was, and when somebody else wrote on the target.</summary>
public sealed class RelayResumeTests : IAsyncLifetime
{
    TestDatabase _source = null!, _target = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await TestServer.Source.CreateDatabaseAsync();
        _target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var database in new[] { _source, _target })
            await database.ExecuteAsync("CREATE TABLE counter (id int PRIMARY KEY, n int); CREATE TABLE log (at int); INSERT INTO counter VALUES (1, 0)");
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Theory]
    [InlineData(StreamWire.Own)]
    [InlineData(StreamWire.Npgsql)]
    public async Task applies_each_transaction_once_however_often_it_is_cut_off(StreamWire wire)
    {
        await using var migration = await RelayTests.StartAsync(_source, _target, wire);
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(stop.Token);
        for (var round = 0; round < 8; round++)
        {
            // Starting and being disposed at a random place in the stream: what was not committed is not acknowledged either.
            await using var relay = await RelayRun.StartAsync(migration, default);
            await _target.WaitForAsync($"SELECT n > {round * 20} FROM counter");
        }

        await stop.CancelAsync();
        var written = await writing;
        await (await migration.RelayAsync(default)).PassMarkerAsync(default);

        Assert.Equal(written, await _target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal(written, await _target.QueryAsync<long>("SELECT count(*) FROM log"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Theory]
    [InlineData(StreamWire.Own)]
    [InlineData(StreamWire.Npgsql)]
    public async Task a_snapshot_pair_is_equal_at_every_moment_under_load(StreamWire wire)
    {
        await using var migration = await RelayTests.StartAsync(_source, _target, wire);
        var relay = await migration.RelayAsync(default);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(_ => WriteAsync(stop.Token)).ToArray();
        var equal = 0;
        for (var attempt = 0; attempt < 60 && equal < 30; attempt++)
        {
            await using var hold = await relay.HoldAsync(default);
            await using var s = await ExportedSnapshot.NowAsync(migration.Source, default);
            var marker = Marker.NewContent();
            await using (var connection = await migration.Source.OpenAsync("test", default))
                await Marker.WriteAsync(connection, marker, default);
            if (!await hold.AdvanceToAsync(await s.TransactionsAsync(default), marker, default))
                continue;
            await using var reader = await s.OpenReaderAsync(migration.Source, "test", default);
            const string state = "SELECT (SELECT n FROM public.counter) || ' ' || (SELECT count(*) FROM public.log)";
            Assert.Equal(await reader.QueryValueAsync<string>(state, default), await _target.QueryAsync<string>(state));
            equal++;
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Assert.Equal(30, equal);
        await relay.PassMarkerAsync(default);
        await CreateSlot.UndoAsync(migration, default);
    }

    [Theory]
    [InlineData("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()", "PB0501")]
    [InlineData("SELECT pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) FROM pg_replication_slots WHERE database = current_database()", "PB0503")]
    [InlineData("SELECT pg_drop_replication_slot(slot_name), pg_create_logical_replication_slot(slot_name, 'pgoutput') FROM pg_replication_slots WHERE database = current_database()", "PB0503")]
    public async Task a_gap_is_a_hard_stop(string tampering, string code)
    {
        await using var migration = await RelayTests.StartAsync(_source, _target);
        await _source.ExecuteAsync("UPDATE counter SET n = n + 1");
        await _source.ExecuteAsync(tampering);

        var stopped = await Assert.ThrowsAsync<MigrationException>(() => RelayRun.StartAsync(migration, default));

        Assert.Equal(code, stopped.Code);
        Assert.Equal(ExitCode.Stopped, stopped.ExitCode);
        await CreateSlot.UndoAsync(migration, default);
    }

    [Theory]
    [InlineData("DELETE FROM counter", "UPDATE counter SET n = 7", "PB0506")]
    [InlineData("DELETE FROM counter", "DELETE FROM counter", "PB0506")]
    [InlineData("INSERT INTO counter VALUES (2, 0)", "INSERT INTO counter VALUES (2, 5)", "PB0507")]
    [InlineData("DROP TABLE log", "INSERT INTO log VALUES (1)", "PB0505")]
    public async Task a_target_that_somebody_else_changed_is_a_hard_stop(string onTarget, string onSource, string code)
    {
        await using var migration = await RelayTests.StartAsync(_source, _target);
        await _target.ExecuteAsync(onTarget);
        await _source.ExecuteAsync(onSource);
        var relay = await migration.RelayAsync(default);

        var stopped = await Assert.ThrowsAsync<MigrationException>(() => relay.PassMarkerAsync(default));

        Assert.Equal(code, stopped.Code);
        Assert.Equal("0/0", await _target.QueryAsync<string>("SELECT (SELECT count(*) FROM pgbaton.progress WHERE transactions > 0)::text || '/0'"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_former_engine_cannot_commit_any_more()
    {
        await using var migration = await RelayTests.StartAsync(_source, _target);
        var relay = await migration.RelayAsync(default);
        await _target.ExecuteAsync("UPDATE pgbaton.engine SET epoch = epoch + 1; UPDATE pgbaton.progress SET epoch = epoch + 1");
        await _source.ExecuteAsync("UPDATE counter SET n = 9");

        var stopped = await Assert.ThrowsAsync<MigrationException>(() => relay.PassMarkerAsync(default));

        Assert.Equal("PB0205", stopped.Code);
        Assert.Equal(0, await _target.QueryAsync<int>("SELECT n FROM counter"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_slot_is_refused_for_a_table_whose_updates_would_begin_to_fail()
    {
        await using var migration = Migration.Open(new MigrationOptions
        {
            Source = _source.Uri, Target = _target.Uri,
            IgnoredFindings = ["PB1050", "PB1081"], // What check would have said before; the step refuses for itself.
        });
        await migration.ConnectAsync(default);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => CreateSlot.RunAsync(migration, default));

        Assert.Equal("PB0508", refused.Code);
        Assert.Equal(0, await _source.QueryAsync<long>("SELECT count(*) FROM pg_publication"));
    }

    async Task<int> WriteAsync(CancellationToken stop)
    {
        await using var connection = await _source.OpenAsync();
        for (var written = 0; ; written++)
        {
            if (stop.IsCancellationRequested)
                return written;
            await connection.ExecuteAsync("WITH c AS (UPDATE counter SET n = n + 1 RETURNING n) INSERT INTO log SELECT n FROM c", default);
        }
    }
}
