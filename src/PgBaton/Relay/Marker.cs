using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// A transactional logical message of ours on the source. When it comes by in the stream, everything that had committed before it was
/// written has been seen: the only proof of having caught up (an idle source sends nothing, and LSNs alone mislead).
/// </summary>
static class Marker
{
    /// <summary>Of our messages; those of others are passed over.</summary>
    public const string Prefix = "pgbaton";

    public static string NewContent() => $"marker {Guid.NewGuid():n}";

    public static Task WriteAsync(NpgsqlConnection source, string content, CancellationToken ct)
        => source.QueryValueAsync<Lsn>("SELECT pg_catalog.pg_logical_emit_message(true, $1, $2)", ct, Prefix, content);
}

/// <summary>A marker that came back: everything before it is on the target.</summary>
/// <param name="Content">What told it from others.</param>
/// <param name="CommitLsn">Of its transaction on the source.</param>
/// <param name="ChangesBefore">Row changes of tables in scope, applied since the relay started, when it came by.</param>
sealed record MarkerPassed(string Content, Lsn CommitLsn, long ChangesBefore);
