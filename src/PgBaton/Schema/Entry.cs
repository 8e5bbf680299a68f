using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>One row of <c>pgbaton.entry</c>: an object of the source that is to be made on the target.</summary>
/// <param name="Table">The table itself, or that of an index, constraint, trigger, rule or policy.</param>
/// <param name="Needs">Ids of entries that must exist before.</param>
sealed record Entry(
    int Id, string Kind, string Name, string Description, (string Schema, string Name)? Table, long Bytes, IReadOnlyList<int> Needs, string Command)
{
    const string Columns = "dump_id, kind, name, description, table_schema, table_name, bytes, needs, command";

    /// <summary>CREATE INDEX, or a constraint that an index of its own holds.</summary>
    public bool IsIndex => Kind is "INDEX" or "CONSTRAINT";

    /// <summary>Those of a section that nothing was decided about yet, in an order in which they can be made.</summary>
    public static Task<List<Entry>> PendingAsync(NpgsqlConnection connection, string section, CancellationToken ct)
        => connection.QueryAsync(
            $"SELECT {Columns} FROM pgbaton.entry WHERE section = $1 AND outcome IS NULL ORDER BY position", Read, ct, section);

    /// <summary>The indexes and index-backed constraints of one table that do not exist yet; plain indexes first.</summary>
    public static Task<List<Entry>> PendingIndexesAsync(NpgsqlConnection connection, string schema, string table, CancellationToken ct)
        => connection.QueryAsync(
            $"""
            SELECT {Columns} FROM pgbaton.entry
             WHERE table_schema = $1 AND table_name = $2 AND kind IN ('INDEX', 'CONSTRAINT') AND section = 'post-data' AND outcome IS NULL
             ORDER BY kind DESC, position
            """, Read, ct, schema, table);

    /// <summary>Replaces what the journal holds; nothing of it exists on the target.</summary>
    public static async Task StoreAsync(
        NpgsqlConnection connection, IReadOnlyList<ArchiveEntry> entries, IReadOnlyList<string> commands, Func<ArchiveEntry, string> drop,
        Migration migration, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("DELETE FROM pgbaton.entry", ct);
        await connection.ExecuteAsync(
            """
            INSERT INTO pgbaton.entry
                   (dump_id, position, section, kind, name, description, table_schema, table_name, bytes, needs, command, drop_command, columns)
            SELECT dump_id, row_number() OVER (ORDER BY position), section, kind, name, description, table_schema, table_name, bytes,
                   needs::int[], command, drop_command, columns::text[]
              FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
                          $10::text[], $11::text[], $12::text[]) WITH ORDINALITY
                AS e (dump_id, section, kind, name, description, table_schema, table_name, bytes, needs, command, drop_command, columns, position)
            """, ct,
            entries.Select(entry => entry.Id).ToArray(),
            entries.Select(entry => entry.Section == ArchiveSection.PreData ? "pre-data" : "post-data").ToArray(),
            entries.Select(entry => entry.Kind).ToArray(),
            entries.Select(entry => entry.Name).ToArray(),
            entries.Select(entry => entry.Description).ToArray(),
            entries.Select(entry => TableOf(entry)?.Schema).ToArray(),
            entries.Select(entry => TableOf(entry)?.Name).ToArray(),
            entries.Select(entry => entry.Bytes).ToArray(),
            entries.Select(entry => $"{{{string.Join(',', entry.Needs)}}}").ToArray(),
            commands.ToArray(),
            entries.Select(drop).ToArray(),
            entries.Select(entry => ColumnHistory.Literal(entry.Columns)).ToArray());
        await JournalEpoch.CheckAsync(connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    static (string Schema, string Name)? TableOf(ArchiveEntry entry) => entry.Kind is "TABLE" or "TABLE ATTACH" ? (entry.Schema, entry.Name) : entry.Table;

    static Entry Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : (row.GetString(4), row.GetString(5)),
        row.GetInt64(6), row.GetFieldValue<int[]>(7), row.GetString(8));
}
