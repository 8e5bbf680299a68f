using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>An ordinary table, a partition or a partitioned table: one row of pg_class.</summary>
/// <param name="Oid">On the server it was read from.</param>
/// <param name="Kind"><c>relkind</c>: <c>r</c> holds rows, <c>p</c> is the root or an inner node of a partition tree and holds none.</param>
/// <param name="Persistence"><c>relpersistence</c>: <c>p</c> permanent, <c>u</c> unlogged (never in the WAL, so never replicated).</param>
/// <param name="ReplicaIdentity"><c>relreplident</c>: <c>d</c> primary key, <c>n</c> nothing, <c>f</c> full, <c>i</c> an index.</param>
/// <param name="HasKey">It has a valid primary key that is not deferrable.</param>
/// <param name="HasIdentity">UPDATE and DELETE can be published: the replica identity in force finds a row.</param>
/// <param name="Bytes">Heap, TOAST, maps; without indexes.</param>
/// <param name="RowsEstimate"><c>reltuples</c>; 0 if it was never analysed.</param>
/// <param name="HasChildren">Other tables inherit from it, so that it must be named with ONLY.</param>
/// <param name="Filenode"><c>relfilenode</c>: another one after TRUNCATE, VACUUM FULL, CLUSTER and rewriting ALTER TABLE.</param>
/// <param name="Columns">A digest of its columns and of the composite types among them: another one after DDL, even if a column was dropped and made again.</param>
sealed record Table(
    uint Oid, string Schema, string Name, char Kind, char Persistence, bool IsPartition, char ReplicaIdentity,
    bool HasKey, bool HasIdentity, long Bytes, long RowsEstimate, bool HasChildren, uint Filenode, string Columns)
{
    /// <summary>Quoted, with its schema, as it stands in a command.</summary>
    public string QualifiedName => Sql.Identifier(Schema, Name);

    public bool HoldsRows => Kind == 'r';

    public bool IsLogged => Persistence == 'p';

    /// <summary>Biggest first.</summary>
    public static Task<List<Table>> ListAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(Query.Tables, Read, ct);

    static Table Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetString(3)[0], row.GetString(4)[0], row.GetBoolean(5),
        row.GetString(6)[0], row.GetBoolean(7), row.GetBoolean(8), row.GetInt64(9), row.GetInt64(10), row.GetBoolean(11),
        row.GetFieldValue<uint>(12), row.GetString(13));

    public override string ToString() => QualifiedName;
}
