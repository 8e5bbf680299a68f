using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>How values of a type are told to be equal.</summary>
/// <param name="Schema">Of the operator: extensions bring their own, and our search_path is empty.</param>
/// <param name="Type">What the operator is made for, as it can stand in a command; the base type of a domain.</param>
/// <param name="IsDomain">The column's own type is a domain over that.</param>
sealed record Equality(string Schema, string Type, bool IsDomain)
{
    /// <summary>By the type's oid.</summary>
    public static async Task<IReadOnlyDictionary<uint, Equality>> ListAsync(NpgsqlConnection connection, IEnumerable<uint> types, CancellationToken ct)
        => (await connection.QueryAsync(
                Query.Equalities,
                row => (Oid: row.GetFieldValue<uint>(0), Equality: new Equality(row.GetString(1), row.GetString(2), row.GetBoolean(3))), ct, types.Distinct().ToArray()))
            .ToDictionary(row => row.Oid, row => row.Equality);

    /// <summary>A condition that an index of the column can answer.</summary>
    /// <param name="column">Of the type.</param>
    /// <param name="value">Of the type, or text of no type yet.</param>
    public string Of(string column, string value)
        => $"{(IsDomain ? $"{column}::{Type}" : column)} OPERATOR({Sql.Identifier(Schema)}.=) {value}::{Type}";
}
