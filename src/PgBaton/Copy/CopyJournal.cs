using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>What the copy keeps in pgbaton.relation and pgbaton.part.</summary>
static class CopyJournal
{
    /// <summary>The tables that are not whole on the target.</summary>
    public static Task<List<(uint Oid, string Schema, string Name)>> UnfinishedAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            "SELECT oid, schema, name FROM pgbaton.relation WHERE NOT copied ORDER BY bytes_total DESC, oid",
            row => (row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2)), ct);

    /// <summary>The tables that are whole on the target, largest first.</summary>
    public static Task<List<(string Schema, string Name, long Bytes)>> CopiedAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            "SELECT schema, name, bytes_total FROM pgbaton.relation WHERE copied ORDER BY bytes_total DESC, oid",
            row => (row.GetString(0), row.GetString(1), row.GetInt64(2)), ct);

    /// <summary>Partitioned tables hold no rows: nothing is to be copied.</summary>
    public static Task MarkEmptyAsync(NpgsqlConnection connection, IEnumerable<uint> oids, Lsn consistentPoint, CancellationToken ct)
        => connection.ExecuteAsync(
            "UPDATE pgbaton.relation SET copied = true, copied_at = $2, rows = 0, bytes = 0, seconds = 0 WHERE oid = ANY ($1)", ct,
            oids.ToArray(), consistentPoint);

    /// <summary>Begins a new generation of each table; from here on no part of an older one can commit. Returns them by oid.</summary>
    public static async Task<IReadOnlyDictionary<uint, int>> BeginAsync(
        NpgsqlConnection connection, IReadOnlyList<TableCopy> tables, Lsn consistentPoint, CancellationToken ct)
    {
        var generations = await connection.QueryAsync(
            """
            UPDATE pgbaton.relation
               SET generation = generation + 1, copied_at = $2, copied = false, rows = NULL, bytes = NULL, seconds = NULL
             WHERE oid = ANY ($1)
            RETURNING oid, generation
            """,
            row => (Oid: row.GetFieldValue<uint>(0), Generation: row.GetInt32(1)), ct,
            tables.Select(table => table.Oid).ToArray(), consistentPoint);
        var parts = tables.SelectMany(table => table.Parts).ToList();
        await connection.ExecuteAsync(
            """
            INSERT INTO pgbaton.part (relation, generation, number, condition)
            SELECT r.oid, r.generation, p.number, p.condition
              FROM unnest($1::oid[], $2::int[], $3::text[]) AS p (relation, number, condition)
              JOIN pgbaton.relation r ON r.oid = p.relation
            """, ct,
            parts.Select(part => part.Table.Oid).ToArray(), parts.Select(part => part.Number).ToArray(),
            parts.Select(part => part.Condition).ToArray());
        return generations.ToDictionary(table => table.Oid, table => table.Generation);
    }

    /// <summary>The parts of the tables that are being copied as of that point, whether they are done or not; in the order of their numbers.</summary>
    public static Task<List<JournalPart>> PartsAsync(NpgsqlConnection connection, Lsn consistentPoint, CancellationToken ct)
        => connection.QueryAsync(
            """
            SELECT r.oid, r.schema, r.name, r.generation, p.condition
              FROM pgbaton.relation r
              JOIN pgbaton.part p ON p.relation = r.oid AND p.generation = r.generation
             WHERE NOT r.copied AND r.copied_at = $1
             ORDER BY r.oid, p.number
            """,
            row => new JournalPart((row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2)), row.GetInt32(3), row.GetNullable<string>(4)), ct,
            consistentPoint);

    /// <summary>How those tables stand.</summary>
    public static async Task<CopyState> LookAsync(NpgsqlConnection connection, uint[] oids, CancellationToken ct)
    {
        // The parts first: what the second query sees is not older, so that a table without an open part is whole or given up.
        var open = await connection.QueryAsync(
            """
            SELECT p.relation, p.number
              FROM pgbaton.part p
              JOIN pgbaton.relation r ON r.oid = p.relation AND r.generation = p.generation
             WHERE p.relation = ANY ($1) AND p.done_at IS NULL
            """, row => (row.GetFieldValue<uint>(0), row.GetInt32(1)), ct, oids);
        var whole = await connection.QueryAsync(
            "SELECT oid, coalesce(rows, 0), coalesce(bytes, 0) FROM pgbaton.relation WHERE oid = ANY ($1) AND copied",
            row => (Oid: row.GetFieldValue<uint>(0), Copied: new CopyResult(row.GetInt64(1), row.GetInt64(2))), ct, oids);
        return new CopyState(open.ToHashSet(), whole.ToDictionary(table => table.Oid, table => table.Copied));
    }

    /// <summary>
    /// Locks the part's row until the transaction ends: if this process dies, the server gives the part back. False if another worker has it,
    /// it is done, or a newer generation has begun.
    /// </summary>
    public static async Task<bool> ClaimAsync(NpgsqlConnection connection, TablePart part, CancellationToken ct)
        => (await connection.QueryAsync(
            """
            SELECT true
              FROM pgbaton.part p
              JOIN pgbaton.relation r ON r.oid = p.relation AND r.generation = p.generation
             WHERE p.relation = $1 AND p.generation = $2 AND p.number = $3 AND p.done_at IS NULL
               FOR UPDATE OF p SKIP LOCKED
            """, row => row.GetBoolean(0), ct, part.Table.Oid, part.Table.Generation, part.Number)).Count == 1;

    /// <summary>
    /// In the transaction that copied the part. The row of the table is locked before the other parts are looked at, so that of two last parts
    /// one sees the other. Null if a newer generation has begun: the transaction must not commit.
    /// </summary>
    public static async Task<PartsLeft?> EndPartAsync(NpgsqlConnection connection, TablePart part, CopyResult copied, CancellationToken ct)
    {
        var (oid, generation) = (part.Table.Oid, part.Table.Generation);
        await connection.ExecuteAsync(
            """
            UPDATE pgbaton.part SET filenode = $4, rows = $5, bytes = $6, done_at = clock_timestamp()
             WHERE relation = $1 AND generation = $2 AND number = $3
            """, ct, oid, generation, part.Number, part.Table.Identity.Filenode, copied.Rows, copied.Bytes);
        var current = await connection.QueryAsync(
            "SELECT true FROM pgbaton.relation WHERE oid = $1 AND generation = $2 FOR UPDATE", row => row.GetBoolean(0), ct, oid, generation);
        if (current.Count == 0)
            return null;
        return await connection.QueryFirstAsync(
            """
            SELECT count(*) FILTER (WHERE done_at IS NULL), count(DISTINCT filenode), coalesce(sum(rows), 0)::bigint, coalesce(sum(bytes), 0)::bigint
              FROM pgbaton.part
             WHERE relation = $1 AND generation = $2
            """,
            row => new PartsLeft(row.GetInt64(0), row.GetInt64(1), new CopyResult(row.GetInt64(2), row.GetInt64(3))), ct, oid, generation);
    }

    /// <summary>In the transaction of the last part: the table is whole.</summary>
    public static Task EndTableAsync(NpgsqlConnection connection, TableCopy table, CopyResult copied, double seconds, CancellationToken ct)
        => connection.ExecuteAsync(
            "UPDATE pgbaton.relation SET copied = true, rows = $2, bytes = $3, seconds = $4 WHERE oid = $1", ct,
            table.Oid, copied.Rows, copied.Bytes, seconds);

    /// <summary>The tables that something may have been copied into.</summary>
    public static Task<List<(string Schema, string Name)>> BegunAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            "SELECT schema, name FROM pgbaton.relation WHERE generation > 0", row => (row.GetString(0), row.GetString(1)), ct);

    /// <summary>Nothing is copied any more. Generations go on counting.</summary>
    public static Task ForgetAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.ExecuteAsync(
            """
            UPDATE pgbaton.relation
               SET generation = generation + 1, copied = false, copied_at = NULL, rows = NULL, bytes = NULL, seconds = NULL
             WHERE generation > 0
            """, ct);

    /// <summary>The table has changed on the source: no part of this generation may commit any more.</summary>
    public static Task GiveUpAsync(NpgsqlConnection connection, TableCopy table, CancellationToken ct)
        => connection.ExecuteAsync(
            "UPDATE pgbaton.relation SET generation = generation + 1, copied_at = NULL WHERE oid = $1 AND generation = $2", ct,
            table.Oid, table.Generation);
}

/// <summary>How a table stands when a part of it ends.</summary>
/// <param name="Open">Parts that are not done.</param>
/// <param name="Filenodes">How many different files the parts were read from: one, or the rows do not belong together.</param>
/// <param name="Copied">All parts that are done.</param>
sealed record PartsLeft(long Open, long Filenodes, CopyResult Copied);

/// <summary>A part as whoever joins finds it.</summary>
/// <param name="Table">On the source.</param>
/// <param name="Generation">Of its table.</param>
/// <param name="Condition">On the source's rows; null is the whole table.</param>
sealed record JournalPart((uint Oid, string Schema, string Name) Table, int Generation, string? Condition);
