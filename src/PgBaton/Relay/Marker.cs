using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// A transactional logical message of ours on the source; the only row of a table of ours where none are sent (before 14) or taken (by a subscription). When it comes by
/// in the stream, everything that had committed before it was written has been seen: the only proof of having caught up (an idle source sends
/// nothing, and LSNs alone mislead).
/// </summary>
static class Marker
{
    /// <summary>Of our messages; those of others are passed over.</summary>
    const string Prefix = "pgbaton";

    /// <summary>Published beside the tables where there are no messages.</summary>
    public const string Table = "pgbaton.marker";

    // A walsender sends what is flushed; where nobody waits for that by default, it is some wal_writer_delay later.
    const string AtOnce = "FROM pg_catalog.set_config('synchronous_commit', 'on', true)";

    public static string NewContent() => $"marker {Guid.NewGuid():n}";

    public static async Task WriteAsync(NpgsqlConnection source, string content, CancellationToken ct)
    {
        if (new ServerVersion(source.PostgreSqlVersion.Major * 10000).HasLogicalMessages)
            await source.QueryValueAsync<Lsn>($"SELECT pg_catalog.pg_logical_emit_message(true, $1, $2) {AtOnce}", ct, Prefix, content);
        else
            await WriteRowAsync(source, content, ct);
    }

    /// <summary>For who follows rows only: a server that subscribes, or a stream without messages.</summary>
    /// <exception cref="MigrationException">PB0512.</exception>
    public static async Task WriteRowAsync(NpgsqlConnection publisher, string content, CancellationToken ct)
    {
        if (await publisher.ExecuteAsync($"UPDATE {Table} SET content = $1 {AtOnce}", ct, content) != 1)
            throw Errors.MarkerTableGone();
    }

    /// <summary>The newest marker row has come so far.</summary>
    public static Task<bool> HasArrivedAsync(NpgsqlConnection subscriber, string content, CancellationToken ct)
        => subscriber.QueryValueAsync<bool>($"SELECT EXISTS (SELECT FROM {Table} WHERE content = $1)", ct, content);

    /// <summary>The content, if the message is a marker.</summary>
    /// <param name="message">Of the stream.</param>
    /// <param name="table">The oid of <see cref="Table"/>, as the stream has told it; 0 if it has not.</param>
    public static string? Read(ReadOnlySpan<byte> message, ref uint table)
    {
        var reader = new MessageReader(message);
        switch ((char)reader.Byte())
        {
            case 'M':
                var isTransactional = (reader.Byte() & 1) != 0;
                reader.Skip(sizeof(long));
                return reader.Text() == Prefix && isTransactional ? reader.CountedText() : null;
            case 'R' when StreamedRelation.Read(ref reader) is var relation && Is(relation):
                table = relation.Oid;
                return null;
            case 'U' when table != 0 && reader.Oid() == table:
                reader.Skip(1); // Its key never changes, so that there is no old row.
                return LastText(ref reader);
            default:
                return null;
        }
    }

    // Of a row.
    static string? LastText(ref MessageReader row)
    {
        string? text = null;
        for (var left = row.Count(leastBytes: 1); left > 0; left--)
            text = (char)row.Byte() == 't' ? row.CountedText() : null;
        return text;
    }

    public static bool Is(StreamedRelation relation) => relation is { Schema: "pgbaton", Name: "marker" };
}

/// <summary>A marker that came back: everything before it is on the target.</summary>
/// <param name="Content">What told it from others.</param>
/// <param name="CommitLsn">Of its transaction on the source.</param>
/// <param name="ChangesBefore">Row changes of tables in scope, applied since the relay started, when it came by.</param>
sealed record MarkerPassed(string Content, Lsn CommitLsn, long ChangesBefore);
