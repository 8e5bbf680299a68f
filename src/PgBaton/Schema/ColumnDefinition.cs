using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>A column of a table as ADD COLUMN takes it, or an attribute of a composite type.</summary>
/// <param name="Type">With its collation, where that is not the type's own.</param>
/// <param name="Default">Of a generated column its expression.</param>
/// <param name="Generated"><c>attgenerated</c>.</param>
/// <param name="IsInherited">It comes, changes and goes with that of a parent.</param>
sealed record ColumnDefinition(string Name, string Type, string? Default, bool IsNotNull, string Generated, bool IsInherited)
{
    public string QuotedName => Sql.Identifier(Name);

    public static Task<List<ColumnDefinition>> ListAsync(NpgsqlConnection connection, string table, CancellationToken ct)
        => connection.QueryAsync(
            Query.ColumnDefinitions,
            row => new ColumnDefinition(row.GetString(0), row.GetString(1), row.GetNullable<string>(2), row.GetBoolean(3), row.GetString(4), row.GetBoolean(5)),
            ct, table);

    public override string ToString()
        => $"{QuotedName} {Type}"
            + (Default is null ? ""
                : Generated.Length == 0 ? $" DEFAULT {Default}"
                : $" GENERATED ALWAYS AS ({Default}) {(Generated == "v" ? "VIRTUAL" : "STORED")}")
            + (IsNotNull ? " NOT NULL" : "");
}
