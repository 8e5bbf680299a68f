using System.Collections.Concurrent;

namespace PgBaton.Faults;

/// <summary>Two servers that write to the disk for real, for one scene at a time: a scene may crash them.</summary>
public sealed class ServerPair : IAsyncDisposable
{
    // As in production; the lifetime of a test is what keeps them apart.
    const string Settings =
        """
        fsync = on
        full_page_writes = on
        synchronous_commit = on
        autovacuum_naptime = 5s
        max_prepared_transactions = 10
        log_min_messages = fatal
        """;

    static readonly ConcurrentBag<ServerPair> _free = [];

    ServerPair(OwnServer source, OwnServer target, TestDatabase elsewhere) => (Source, Target, Elsewhere) = (source, target, elsewhere);

    public OwnServer Source { get; }

    public OwnServer Target { get; }

    /// <summary>A database of the source's server that has nothing to do with the migration.</summary>
    public TestDatabase Elsewhere { get; }

    /// <summary>One that nobody uses, or a new one.</summary>
    public static async Task<ServerPair> BorrowAsync()
    {
        if (_free.TryTake(out var pair))
            return pair;
        var source = await OwnServer.StartAsync(Major("PGBATON_SOURCE_MAJOR", 15), Settings);
        var target = await OwnServer.StartAsync(Major("PGBATON_TARGET_MAJOR", 17), Settings);
        var elsewhere = await source.CreateDatabaseAsync();
        await elsewhere.ExecuteAsync("CREATE TABLE probe (id int PRIMARY KEY, n bigint NOT NULL); INSERT INTO probe VALUES (1, 0)");
        return new ServerPair(source, target, elsewhere);
    }

    public static void GiveBack(ServerPair pair) => _free.Add(pair);

    /// <summary>At the end of the run.</summary>
    public static async Task DisposeAllAsync()
    {
        while (_free.TryTake(out var pair))
            await pair.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }

    static int Major(string variable, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), out var major) ? major : otherwise;
}
