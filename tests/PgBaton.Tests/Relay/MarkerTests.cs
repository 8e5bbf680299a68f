using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>Writers wait at the fence until a marker has come by: it is sent when its WAL is flushed, and not before.</summary>
public sealed class MarkerTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task a_marker_is_flushed_when_it_is_written_whatever_the_default_is(bool isRow)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync($"CREATE SCHEMA pgbaton; CREATE TABLE {Marker.Table} (content text); INSERT INTO {Marker.Table} VALUES ('')");
        await source.ExecuteAsync($"ALTER DATABASE \"{source.Name}\" SET synchronous_commit = off");
        await using var session = await source.OpenAsync();
        for (var i = 0; i < 20; i++) // Once, the server may just have flushed by itself.
        {
            var before = await session.QueryValueAsync<Lsn>("SELECT pg_current_wal_insert_lsn()", default);
            await (isRow ? Marker.WriteRowAsync(session, $"marker {i}", default) : Marker.WriteAsync(session, $"marker {i}", default));
            Assert.True(await session.QueryValueAsync<bool>("SELECT pg_current_wal_flush_lsn() > $1", default, before));
        }
    }
}
