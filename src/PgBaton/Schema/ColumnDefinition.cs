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
/// <param name="NotNullName">From 18 on NOT NULL is a constraint that has a name.</param>
/// <param name="Missing">The value of rows that were there when it was added, if they were left as they are; its default may be another one by now.</param>
sealed record ColumnDefinition(string Name, string Type, string? Default, bool IsNotNull, string Generated, bool IsIdentity, bool IsInherited, string? Missing, bool HasMore,
    string? NotNullName)
{
    public string QuotedName => Sql.Identifier(Name);

    public static Task<List<ColumnDefinition>> ListAsync(NpgsqlConnection connection, string table, CancellationToken ct)
        => connection.QueryAsync(
            Query.ColumnDefinitions,
            row => new ColumnDefinition(row.GetString(0), row.GetString(1), row.GetNullable<string>(2), row.GetBoolean(3), row.GetString(4), row.GetBoolean(5), row.GetBoolean(6),
                row.GetNullable<string>(7), row.GetBoolean(8), row.GetNullable<string>(9)),
            ct, table);

    // Servers before 18 read a name and forget it. The one that the server would give needs not be said.
    string NotNull => HasOwnName ? $" CONSTRAINT {Sql.Identifier(NotNullName!)} NOT NULL" : " NOT NULL";

    bool HasOwnName => NotNullName is not null && !NotNullName.EndsWith($"_{Name}_not_null", StringComparison.Ordinal);

    /// <summary>Makes it NOT NULL where it is there.</summary>
    /// <param name="alter">ALTER TABLE with its name.</param>
    /// <param name="hasNames">NOT NULL has a name there.</param>
    public string SetNotNull(string alter, bool hasNames)
        => hasNames && HasOwnName ? $"{alter} ADD CONSTRAINT {Sql.Identifier(NotNullName!)} NOT NULL {QuotedName};" : $"{alter} ALTER COLUMN {QuotedName} SET NOT NULL;";

    /// <summary>
    /// The commands that add it. Rows that are there have no value in a column that may not be NULL, before the stream or a copy brings it: NOT NULL comes by
    /// itself then. An identity has to have it at once, and its rows are copied anew.
    /// </summary>
    public IEnumerable<string> Additions(string alter, string kind, bool hasNames)
    {
        var add = $"{alter} ADD {kind}";
        var what = $"{add} {QuotedName} {Type}"
            + (Default is null ? ""
                : Generated.Length == 0 ? $" DEFAULT {Default}"
                : $" GENERATED ALWAYS AS ({Default}) {(Generated == "v" ? "VIRTUAL" : "STORED")}");
        if (Missing is not null)
        {
            return
            [
                $"{add} {QuotedName} {Type} DEFAULT {Sql.Literal(Missing)}{(IsNotNull ? NotNull : "")};",
                $"{alter} ALTER {kind} {QuotedName} {(Default is null ? "DROP DEFAULT" : $"SET DEFAULT {Default}")};",
            ];
        }

        if (IsIdentity)
            return [$"{what} DEFAULT 0{NotNull};", $"{alter} ALTER {kind} {QuotedName} DROP DEFAULT;"];
        return !IsNotNull ? [$"{what};"] : Default is not null ? [$"{what}{NotNull};"] : [$"{what};", SetNotNull(alter, hasNames)];
    }
}
