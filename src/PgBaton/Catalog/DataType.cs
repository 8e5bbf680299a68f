using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>A type, and what it is made of: one row of pg_type.</summary>
/// <param name="Kind"><c>typtype</c>: b base, c composite, d domain, e enum, r range, m multirange.</param>
/// <param name="IsArray">A true array; not a type with an element that prints itself in another way (oidvector, point).</param>
/// <param name="HasBinary">It has functions to send and to receive.</param>
/// <param name="PartOid">Element of an array, base of a domain, subtype of a range or multirange; 0 for others.</param>
/// <param name="AttributeOids">Types of a composite's attributes, in order.</param>
/// <param name="Extension">Name and version of the extension it belongs to; null if it belongs to none.</param>
sealed record DataType(
    uint Oid, string Schema, string Name, char Kind, bool IsArray, bool HasBinary, uint PartOid, uint[] AttributeOids, string? Extension)
{
    /// <summary>Oids below it are written in the server's sources and mean the same type on every server; above, initdb or a user chose.</summary>
    const uint FirstUnstableOid = 10000;

    public bool IsBuiltIn => Oid < FirstUnstableOid;

    /// <summary>The types and all that they are made of, by oid.</summary>
    public static async Task<IReadOnlyDictionary<uint, DataType>> ListAsync(NpgsqlConnection connection, IEnumerable<uint> oids, CancellationToken ct)
        => (await connection.QueryAsync(Query.Types, Read, ct, oids.Distinct().ToArray())).ToDictionary(type => type.Oid);

    static DataType Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetString(3)[0], row.GetBoolean(4), row.GetBoolean(5),
        row.GetFieldValue<uint>(6), row.GetFieldValue<uint[]>(7), row.GetNullable<string>(8));
}
