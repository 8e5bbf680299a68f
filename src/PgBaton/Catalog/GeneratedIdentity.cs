using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>A generated column in a replica identity: from 18 on, a published table with one takes no UPDATE and no DELETE, from nobody (42P10).</summary>
static class GeneratedIdentity
{
    /// <summary>The first such column by the table's oid; tables without one are left out.</summary>
    /// <param name="connection">To the publisher.</param>
    /// <param name="tables">Those that are to be published.</param>
    /// <param name="full">Those of them that get REPLICA IDENTITY FULL first.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<IReadOnlyDictionary<uint, string>> FindAsync(
        NpgsqlConnection connection, IEnumerable<Table> tables, IEnumerable<Table> full, CancellationToken ct)
        => (await connection.QueryAsync(
                Query.GeneratedIdentities, row => (Oid: row.GetFieldValue<uint>(0), Column: row.GetString(1)), ct,
                tables.Select(table => table.Oid).ToArray(), full.Select(table => table.Oid).ToArray()))
            .ToDictionary(row => row.Oid, row => row.Column);

    /// <summary>
    /// Of these tables those with such a column in the primary key, whatever the replica identity is: a subscription looks for rows by the primary key of its own table
    /// all the same, and before 18 the column does not come. Qualified and quoted.
    /// </summary>
    public static Task<List<string>> KeysAsync(NpgsqlConnection connection, IEnumerable<Table> tables, CancellationToken ct)
        => connection.QueryAsync(
            """
            SELECT DISTINCT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[]) AND a.atthasdef AND pg_catalog.to_jsonb(a) ->> 'attgenerated' <> ''
             WHERE i.indisprimary AND c.oid = ANY ($1::oid[])
             ORDER BY 1, 2
            """,
            row => Sql.Identifier(row.GetString(0), row.GetString(1)), ct, tables.Select(table => table.Oid).ToArray());
}
