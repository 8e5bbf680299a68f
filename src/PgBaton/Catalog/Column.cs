using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>A column: one row of pg_attribute.</summary>
/// <param name="Number"><c>attnum</c>: counts dropped columns too.</param>
/// <param name="Type">As <c>format_type</c> prints it under an empty search_path, so that it can stand in a command.</param>
/// <param name="TypeKind"><c>typtype</c>: b base, c composite, d domain, e enum, r range, m multirange.</param>
/// <param name="TypeCategory"><c>typcategory</c>: A array, …</param>
/// <param name="Identity"><c>attidentity</c>: "" none, a ALWAYS, d BY DEFAULT.</param>
/// <param name="Generated"><c>attgenerated</c>: "" no, s stored, v virtual.</param>
/// <param name="KeyPlace">Its place in the primary key, from 1; 0 if it is not part of it.</param>
sealed record Column(
    uint TableOid, short Number, string Name, uint TypeOid, int TypeModifier, string Type, char TypeKind, char TypeCategory,
    bool IsNotNull, string Identity, string Generated, int KeyPlace)
{
    /// <summary>Quoted.</summary>
    public string QuotedName => Sql.Identifier(Name);

    public bool IsGenerated => Generated.Length > 0;

    /// <summary>By table, in the tables' column order.</summary>
    public static async Task<ILookup<uint, Column>> ListAsync(NpgsqlConnection connection, IEnumerable<uint> tableOids, CancellationToken ct)
        => (await connection.QueryAsync(Query.Columns, Read, ct, tableOids.ToArray())).ToLookup(column => column.TableOid);

    static Column Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0), row.GetInt16(1), row.GetString(2), row.GetFieldValue<uint>(3), row.GetInt32(4), row.GetString(5),
        row.GetString(6)[0], row.GetString(7)[0], row.GetBoolean(8), row.GetString(9), row.GetString(10), row.GetInt32(11));
}
