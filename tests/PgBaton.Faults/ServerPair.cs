using System.Collections.Concurrent;

namespace PgBaton.Faults;

/// <summary>Two servers that write to the disk for real, for one scene at a time: a scene may crash them.</summary>
public sealed class ServerPair : IAsyncDisposable
{
    // As in production, but for what only takes time; the lifetime of a test is what keeps them apart.
    const string Settings =
        """
        fsync = on
        full_page_writes = on
        synchronous_commit = on
        autovacuum_naptime = 5s
        jit = off
        max_prepared_transactions = 10
        log_min_messages = fatal
        """;

    static readonly ConcurrentBag<ServerPair> _free = [];

    ServerPair(OwnServer source, OwnServer target, TestDatabase elsewhere) => (Source, Target, Elsewhere) = (source, target, elsewhere);

    /// <summary>Has settings or a disk of its own: nobody else gets it.</summary>
    public bool IsSpecial { get; private init; }

    public OwnServer Source { get; }

    public OwnServer Target { get; }

    /// <summary>A database of the source's server that has nothing to do with the migration.</summary>
    public TestDatabase Elsewhere { get; }

    /// <summary>One that nobody uses, or a new one.</summary>
    public static async Task<ServerPair> BorrowAsync()
    {
        if (_free.TryTake(out var pair))
            return pair;
        return await StartAsync(new(Major("PGBATON_SOURCE_MAJOR", 15)), new(Major("PGBATON_TARGET_MAJOR", 17)), isSpecial: false);
    }

    /// <summary>For one test, which disposes it.</summary>
    /// <param name="source">Null: the usual one.</param>
    /// <param name="target">Null: the usual one.</param>
    public static Task<ServerPair> StartAsync(ServerWish? source = null, ServerWish? target = null)
        => StartAsync(source ?? new(Major("PGBATON_SOURCE_MAJOR", 15)), target ?? new(Major("PGBATON_TARGET_MAJOR", 17)), isSpecial: true);

    static async Task<ServerPair> StartAsync(ServerWish wishedSource, ServerWish wishedTarget, bool isSpecial)
    {
        var source = await StartAsync(wishedSource);
        var target = await StartAsync(wishedTarget);
        var elsewhere = await source.CreateDatabaseAsync();
        await elsewhere.ExecuteAsync("CREATE TABLE probe (id int PRIMARY KEY, n bigint NOT NULL); INSERT INTO probe VALUES (1, 0)");
        return new ServerPair(source, target, elsewhere) { IsSpecial = isSpecial };
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

    static Task<OwnServer> StartAsync(ServerWish wish)
        => OwnServer.StartAsync(wish.Major, $"{Settings}\n{wish.Settings}", diskMegabytes: wish.DiskMegabytes);

    static int Major(string variable, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), out var major) ? major : otherwise;
}

/// <summary>What a test needs of a server.</summary>
/// <param name="Major">Of PostgreSQL.</param>
/// <param name="Settings">More lines of postgresql.conf.</param>
/// <param name="DiskMegabytes">A disk of its own, of that size; null: that of the machine.</param>
public sealed record ServerWish(int Major, string Settings = "", int? DiskMegabytes = null);
