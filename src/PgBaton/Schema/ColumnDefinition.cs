using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>A column of a table as ADD COLUMN takes it, or an attribute of a composite type.</summary>
/// <param name="Type">With its collation, where that is not the type's own.</param>
/// <param name="Default">Of a generated column its expression.</param>
/// <param name="Generated"><c>attgenerated</c>.</param>
/// <param name="IsIdentity">Its sequence is made by a command of its own.</param>
/// <param name="IsInherited">It comes, changes and goes with that of a parent.</param>
/// <param name="HasMore">An index, a constraint or an object stands on it, or something is said of it, that would go with it.</param>
/// <param name="Missing">The value of rows that were there when it was added, if they were left as they are; its default may be another one by now.</param>
sealed record ColumnDefinition(string Name, string Type, string? Default, bool IsNotNull, string Generated, bool IsIdentity, bool IsInherited, string? Missing, bool HasMore)
{
    public string QuotedName => Sql.Identifier(Name);

    public static Task<List<ColumnDefinition>> ListAsync(NpgsqlConnection connection, string table, CancellationToken ct)
        => connection.QueryAsync(
            Query.ColumnDefinitions,
            row => new ColumnDefinition(row.GetString(0), row.GetString(1), row.GetNullable<string>(2), row.GetBoolean(3), row.GetString(4), row.GetBoolean(5), row.GetBoolean(6),
                row.GetNullable<string>(7), row.GetBoolean(8)),
            ct, table);

    /// <summary>
    /// The commands that add it. Rows that are there have no value in a column that may not be NULL, before the stream or a copy brings it: NOT NULL comes by
    /// itself then. An identity has to have it at once, and its rows are copied anew.
    /// </summary>
    public IEnumerable<string> Additions(string add, string alter)
    {
        var what = $"{add} {QuotedName} {Type}"
            + (Default is null ? ""
                : Generated.Length == 0 ? $" DEFAULT {Default}"
                : $" GENERATED ALWAYS AS ({Default}) {(Generated == "v" ? "VIRTUAL" : "STORED")}");
        if (Missing is not null)
        {
            return
            [
                $"{add} {QuotedName} {Type} DEFAULT {Sql.Literal(Missing)}{(IsNotNull ? " NOT NULL" : "")};",
                $"{alter} {QuotedName} {(Default is null ? "DROP DEFAULT" : $"SET DEFAULT {Default}")};",
            ];
        }

        if (IsIdentity)
            return [$"{what} DEFAULT 0 NOT NULL;", $"{alter} {QuotedName} DROP DEFAULT;"];
        return !IsNotNull ? [$"{what};"] : Default is not null ? [$"{what} NOT NULL;"] : [$"{what};", $"{alter} {QuotedName} SET NOT NULL;"];
    }
}
