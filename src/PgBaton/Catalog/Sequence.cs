using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>A sequence's definition: one row of pg_sequence.</summary>
sealed record Sequence(uint Oid, string Schema, string Name, long Increment, long Minimum, long Maximum, bool Cycles, long Cache)
{
    /// <summary>Quoted, with its schema.</summary>
    public string QualifiedName => Sql.Identifier(Schema, Name);

    public static Task<List<Sequence>> ListAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            Query.Sequences,
            row => new Sequence(
                row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
                row.GetBoolean(6), row.GetInt64(7)),
            ct);

    public override string ToString() => QualifiedName;
}
