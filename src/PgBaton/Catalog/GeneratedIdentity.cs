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
}
