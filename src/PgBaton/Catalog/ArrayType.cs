using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>How many values of a type are sent as one array.</summary>
/// <param name="Name">The array's type, as it can stand in a command.</param>
/// <param name="Delimiter">Between its elements.</param>
/// <param name="CastTo">Elements are texts that are cast to this; null where they are of the type itself.</param>
sealed record ArrayType(string Name, char Delimiter, string? CastTo)
{
    /// <summary>By the type's oid; a type that is not there has no array that could be taken apart again.</summary>
    public static async Task<Dictionary<uint, ArrayType>> ListAsync(NpgsqlConnection connection, uint[] types, CancellationToken ct)
        => (await connection.QueryAsync(
                Query.ArrayTypes,
                row => (Oid: row.GetFieldValue<uint>(0), Type: new ArrayType(row.GetString(1), row.GetString(2)[0], row.GetNullable<string>(3))), ct, types))
            .ToDictionary(row => row.Oid, row => row.Type);
}
