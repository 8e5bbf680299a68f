using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// What must be the same when a part is read as when the snapshot was taken. A snapshot does not protect from a table that was truncated or
/// rewritten since: it then reads too few rows, or none, without an error. The file of the table tells of TRUNCATE, VACUUM FULL, CLUSTER and
/// rewriting ALTER; the oid under that name of drop, create and rename; the columns of what keeps the file, such as two that swapped names.
/// </summary>
/// <param name="Filenode"><c>relfilenode</c>.</param>
/// <param name="Columns">SHA-256 over number, type, modifier, dropped, generated and name of each column.</param>
sealed record TableIdentity(uint Oid, string Schema, string Name, uint Filenode, string Columns)
{
    /// <summary>
    /// As this session sees the catalog: in a transaction with an imported snapshot as of then, in an ordinary one as of now. (Not
    /// pg_relation_filenode(): that one always tells of now.) Tables that are gone are left out.
    /// </summary>
    public static async Task<IReadOnlyDictionary<uint, TableIdentity>> ListAsync(
        NpgsqlConnection connection, ServerVersion version, IEnumerable<uint> oids, CancellationToken ct)
        => (await connection.QueryAsync(
            $"""
            SELECT c.oid, n.nspname::text, c.relname::text, c.relfilenode,
                   (SELECT pg_catalog.encode(pg_catalog.sha256({Sql.Bytes("coalesce(pg_catalog.string_agg(known, ',' ORDER BY attnum), '')")}), 'hex')
                      FROM (SELECT a.attnum, pg_catalog.concat_ws(' ', a.attnum, a.atttypid, a.atttypmod, a.attisdropped, {Generated(version)},
                                                                  pg_catalog.quote_ident(a.attname)) AS known
                              FROM pg_catalog.pg_attribute a
                             WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns)
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = ANY ($1)
            """,
            row => new TableIdentity(row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetFieldValue<uint>(3), row.GetString(4)),
            ct, oids.ToArray())).ToDictionary(identity => identity.Oid);

    static string Generated(ServerVersion version) => version.HasGeneratedColumns ? "a.attgenerated" : "''";
}
