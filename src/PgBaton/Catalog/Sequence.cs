using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>A sequence's definition: one row of pg_sequence.</summary>
/// <param name="TableSchema">Of the table it belongs to (OWNED BY, serial, identity); null if it belongs to none.</param>
/// <param name="IsOurs">Our role may alter it.</param>
/// <param name="Type">smallint, integer or bigint.</param>
sealed record Sequence(
    uint Oid, string Schema, string Name, long Increment, long Minimum, long Maximum, bool Cycles, long Cache,
    string? TableSchema, string? TableName, bool IsOurs, string Type, long Start)
{
    /// <summary>Quoted, with its schema.</summary>
    public string QualifiedName => Sql.Identifier(Schema, Name);

    /// <summary>What ALTER SEQUENCE takes to make another one like it; in this order no option is out of the bounds that stand before it.</summary>
    public string Definition
        => $"AS {Type} INCREMENT {Increment} MINVALUE {Minimum} MAXVALUE {Maximum} START {Start} CACHE {Cache} {(Cycles ? "" : "NO ")}CYCLE";

    public static Task<List<Sequence>> ListAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            Query.Sequences,
            row => new Sequence(
                row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
                row.GetBoolean(6), row.GetInt64(7), row.GetNullable<string>(8), row.GetNullable<string>(9), row.GetBoolean(10),
                row.GetString(11), row.GetInt64(12)),
            ct);

    /// <summary>Those that are moved: with their table, or by their own name where they belong to none.</summary>
    public static async Task<List<Sequence>> ListAsync(NpgsqlConnection connection, Scope scope, CancellationToken ct)
        => (await ListAsync(connection, ct)).FindAll(s => scope.Includes(s.TableSchema ?? s.Schema, s.TableName ?? s.Name));

    public override string ToString() => QualifiedName;
}
