using System.Text.Json;
using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>The journal's table pgbaton.verification, and what else of the journal a verification needs.</summary>
static class VerificationJournal
{
    public static Task<List<RelationState>> RelationsAsync(Journal journal, CancellationToken ct)
        => journal.TakeTurnAsync(connection => RelationsAsync(connection, ct), ct);

    /// <summary>The same without being the engine.</summary>
    public static Task<List<RelationState>> RelationsAsync(NpgsqlConnection target, CancellationToken ct)
        => target.QueryAsync(
            """
            SELECT r.schema, r.name, r.copied, CASE WHEN v.lsn IS NULL OR v.lsn >= coalesce(r.copied_at, '0/0') THEN v.equal END, v.filenode, v.columns, v.target_columns
              FROM pgbaton.relation r LEFT JOIN pgbaton.verification v ON v.schema = r.schema AND v.name = r.name
             ORDER BY r.schema COLLATE pg_catalog."C", r.name COLLATE pg_catalog."C"
            """,
            row => new RelationState(new TableName(row.GetString(0), row.GetString(1)), row.GetBoolean(2), row.GetNullable<bool?>(3), row.GetNullable<uint?>(4), row.GetNullable<string>(5),
                row.GetNullable<string>(6)), ct);

    /// <summary>Up to where the source's changes are on the target.</summary>
    public static Task<Lsn> AppliedLsnAsync(Journal journal, CancellationToken ct)
        => journal.TakeTurnAsync(connection => connection.QueryValueAsync<Lsn>("SELECT lsn FROM pgbaton.progress", ct), ct);

    /// <summary>Keys of differing rows are kept, for whoever asked from another process; other values only if they were asked for.</summary>
    /// <returns>The same, with the moment at which it was kept.</returns>
    public static Task<TableVerification> WriteAsync(Journal journal, TableVerification table, CancellationToken ct)
        => journal.TakeTurnAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(ct);
                var at = await connection.QueryValueAsync<DateTimeOffset>(
                    """
                    INSERT INTO pgbaton.verification
                        (schema, name, lsn, rows, target_rows, bytes, digest, equal, reason, difference_count, differences, filenode,
                         columns, target_columns)
                    VALUES ($1, $2, $3::pg_lsn, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                    ON CONFLICT (schema, name) DO UPDATE
                       SET at = now(), lsn = excluded.lsn, rows = excluded.rows, target_rows = excluded.target_rows, bytes = excluded.bytes,
                           digest = excluded.digest, equal = excluded.equal, reason = excluded.reason,
                           difference_count = excluded.difference_count, differences = excluded.differences,
                           filenode = excluded.filenode, columns = excluded.columns, target_columns = excluded.target_columns
                    RETURNING at
                    """,
                    ct, table.Schema, table.Name, table.Lsn, table.Rows, table.TargetRows, table.Bytes, table.Digest, table.IsEqual, table.Reason,
                    table.DifferenceCount, Sql.Json(JsonSerializer.Serialize(table.Differences, PgBatonJson.Journal.IReadOnlyListRowDifference)), table.Filenode,
                    table.Columns, table.TargetColumns);
                await JournalEpoch.CheckAsync(connection, journal.Epoch, ct);
                await transaction.CommitAsync(ct);
                return table with { At = at };
            },
            ct);

    /// <summary>The newest result of each table; needs no engine.</summary>
    public static Task<List<TableVerification>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            """
            SELECT schema, name, rows, target_rows, bytes, digest, equal, lsn::text, reason, differences::text, difference_count, filenode, at, columns, target_columns
              FROM pgbaton.verification ORDER BY schema COLLATE pg_catalog."C", name COLLATE pg_catalog."C"
            """,
            row => new TableVerification(
                row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5), row.GetBoolean(6),
                row.GetNullable<string>(7), row.GetNullable<string>(8),
                JsonSerializer.Deserialize(row.GetString(9), PgBatonJson.Default.IReadOnlyListRowDifference)!, row.GetNullable<long?>(10))
            { Filenode = row.GetNullable<uint?>(11), At = row.GetFieldValue<DateTimeOffset>(12), Columns = row.GetNullable<string>(13), TargetColumns = row.GetNullable<string>(14) },
            ct);

    /// <summary>What has been compared since a word was said, and not copied again since: a process that was killed may have begun with it.</summary>
    public static Task<List<TableVerification>> SinceAsync(Journal journal, long wordId, CancellationToken ct)
        => journal.TakeTurnAsync(
            async connection =>
            {
                var names = (await connection.QueryAsync(
                    """
                    SELECT v.schema, v.name
                      FROM pgbaton.verification v
                      JOIN pgbaton.word w ON w.id = $1 AND v.at >= w.said_at
                      JOIN pgbaton.relation r ON r.schema = v.schema AND r.name = v.name
                     WHERE v.lsn IS NULL OR v.lsn >= coalesce(r.copied_at, '0/0')
                    """,
                    row => new TableName(row.GetString(0), row.GetString(1)), ct, wordId)).ToHashSet();
                return (await ReadAsync(connection, ct)).FindAll(table => names.Contains(new TableName(table.Schema, table.Name)));
            },
            ct);
}

/// <summary>A table of the journal.</summary>
/// <param name="Name">On both sides.</param>
/// <param name="IsCopied">All its rows have been copied.</param>
/// <param name="IsEqual">What its newest verification found; null if there was none since it was last copied.</param>
/// <param name="Filenode">Of the source's file that was read for it.</param>
/// <param name="Columns">Of the source's table then, as <see cref="Table.Columns"/>.</param>
/// <param name="TargetColumns">Of the target's likewise.</param>
sealed record RelationState(TableName Name, bool IsCopied, bool? IsEqual, uint? Filenode, string? Columns, string? TargetColumns)
{
    /// <summary>
    /// Equal, and neither rewritten since nor with a column or a type made anew: neither sends a row through the stream. Nor was the target's table altered.
    /// </summary>
    public bool IsVerified(TablesNow now) => IsEqual == true && !HasOtherColumns(now) && now.Source.TryGetValue(Name, out var table) && table.Filenode == Filenode;

    /// <summary>It was compared, and its columns are others now, on one side.</summary>
    public bool HasOtherColumns(TablesNow now)
        => IsEqual == true && ((now.Source.TryGetValue(Name, out var table) && table.Columns != Columns) || (TargetColumns is not null && now.Target.TryGetValue(Name, out var other) && other.Columns != TargetColumns));
}

/// <summary>The tables of both sides as they are.</summary>
sealed record TablesNow(IReadOnlyDictionary<TableName, Table> Source, IReadOnlyDictionary<TableName, Table> Target)
{
    public static async Task<TablesNow> ReadAsync(NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
        => new(ByName(await Table.ListAsync(source, ct)), ByName(await Table.ListAsync(target, ct)));

    static Dictionary<TableName, Table> ByName(List<Table> tables) => tables.ToDictionary(table => new TableName(table.Schema, table.Name));
}
