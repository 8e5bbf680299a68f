using System.Globalization;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton;

/// <summary>What anybody may read of the journal without being the engine.</summary>
static class JournalReader
{
    /// <summary>The two keys of the engine's advisory lock: "pgba", "ton" in ASCII.</summary>
    public const string EngineLock = "1885823585, 1953459712";

    /// <summary>There is a journal, and we understand it.</summary>
    /// <exception cref="MigrationException">PB0201: a schema of that name that is not ours. PB0202: another format.</exception>
    public static async Task<bool> ExistsAsync(NpgsqlConnection connection, string address, CancellationToken ct)
        => IsOurs(await connection.QueryFirstAsync(CommentQuery, row => row.GetString(0), ct), address);

    /// <summary>One row with the comment of the journal's schema, or none.</summary>
    public const string CommentQuery =
        "SELECT coalesce(pg_catalog.obj_description(oid, 'pg_namespace'), '') FROM pg_catalog.pg_namespace WHERE nspname = 'pgbaton'";

    /// <summary>Whether that is a journal, and one we understand.</summary>
    /// <param name="comment">Null without such a schema.</param>
    /// <param name="address">Of the server, for the error.</param>
    /// <exception cref="MigrationException">PB0201, PB0202.</exception>
    public static bool IsOurs(string? comment, string address)
    {
        if (comment is null)
            return false;
        const string ours = "pgbaton journal, format ";
        if (!comment.StartsWith(ours, StringComparison.Ordinal))
            throw Errors.ForeignSchema(address);
        var format = int.Parse(comment[ours.Length..], CultureInfo.InvariantCulture);
        return format == Journal.Format ? true : throw Errors.JournalFormat(format, Journal.Format);
    }

    /// <summary>The process that holds the engine's lock; null if none does.</summary>
    public static Task<EngineSeen?> FindEngineAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryFirstAsync(EngineQuery, ReadEngine, ct);

    /// <summary>The row that <see cref="ReadEngine"/> reads, or none.</summary>
    public const string EngineQuery =
        """
        SELECT e.host, e.pid, e.epoch, a.state_change
          FROM pg_catalog.pg_locks l
          LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
          CROSS JOIN pgbaton.engine e
         WHERE l.locktype = 'advisory' AND l.classid = 1885823585 AND l.objid = 1953459712 AND l.objsubid = 2 AND l.granted
           AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        """;

    /// <summary>One row of that query.</summary>
    public static EngineSeen ReadEngine(NpgsqlDataReader row)
        => new(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetNullable<DateTimeOffset?>(3));

    /// <summary>Every table is on the target with its indexes: from then on there is something to verify and to cut over.</summary>
    public static Task<bool> IsCopiedAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryValueAsync<bool>("SELECT EXISTS (SELECT FROM pgbaton.step WHERE name = 'post-data' AND done_at IS NOT NULL)", ct);

    public static async Task<string> DescribeEngineAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            return await FindEngineAsync(connection, ct) is { } engine ? $"process {engine.Pid} on {engine.Host}" : "it has just begun";
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return "it has just begun";
        }
    }
}

/// <summary>The process that runs a migration.</summary>
/// <param name="Host">Its machine's name.</param>
/// <param name="Pid">On that machine.</param>
/// <param name="Epoch">How many engines there have been.</param>
/// <param name="SeenAt">When its session on the target last did something; null where the server does not tell.</param>
public sealed record EngineSeen(string Host, int Pid, long Epoch, DateTimeOffset? SeenAt);
