using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// What to do about a difference: for a table that was altered, column by column; for an enum, label by label; for the rest, the object's own
/// commands.
/// </summary>
static class TableChange
{
    public static async Task<SchemaChange> ExplainAsync(
        SchemaDrift.Difference difference, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        if (difference is { What: "was changed", Now: [{ Kind: "TABLE" } entry] })
        {
            var table = Sql.Identifier(entry.Schema, entry.Name);
            var (words, statements) = Compare(
                table, await ColumnDefinition.ListAsync(source, table, ct), await ColumnDefinition.ListAsync(target, table, ct));
            return new(
                difference.Object, words.Count == 0 ? "was changed" : $"was changed: {string.Join(", ", words)}", statements,
                difference.Was, difference.Now);
        }

        if (difference is { What: "was changed", Now: [{ Kind: "TYPE" } type] }
            && await NewLabelsAsync(Sql.Identifier(type.Schema, type.Name), source, target, ct) is { Count: > 0 } labels)
        {
            return new(difference.Object, "was changed: it has new labels", labels, difference.Was, difference.Now);
        }

        if (difference.Detached is { } detached)
            return new(difference.Object, difference.What, await DetachAsync(Sql.Identifier(detached.Schema, detached.Name), target, ct), difference.Was, difference.Now);

        return new(
            difference.Object, difference.What, [.. difference.Commands.Select(command => command.Trim()).Where(command => command.Length > 0)],
            difference.Was, difference.Now);
    }

    // pg_dump knows no command for it.
    static async Task<List<string>> DetachAsync(string partition, NpgsqlConnection target, CancellationToken ct)
        => await target.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_inherits i
              JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE i.inhrelid = pg_catalog.to_regclass($1)
            """, row => $"ALTER TABLE {Sql.Identifier(row.GetString(0), row.GetString(1))} DETACH PARTITION {partition};", ct, partition);

    // Labels can be added between others; that one is gone or renamed is for a person to settle.
    static async Task<List<string>> NewLabelsAsync(string type, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        const string labels = "SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype($1) ORDER BY enumsortorder";
        var here = await source.QueryAsync(labels, row => row.GetString(0), ct, type);
        var there = await target.QueryAsync(labels, row => row.GetString(0), ct, type);
        if (!here.Where(there.Contains).SequenceEqual(there))
            return [];
        var statements = new List<string>();
        for (var i = here.Count - 1; i >= 0; i--)
        {
            if (!there.Contains(here[i]))
            {
                var place = i + 1 < here.Count ? $" BEFORE {Sql.Literal(here[i + 1])}" : "";
                statements.Add($"ALTER TYPE {type} ADD VALUE {Sql.Literal(here[i])}{place};");
            }
        }

        return statements;
    }

    static (List<string> Words, List<string> Statements) Compare(string table, List<ColumnDefinition> here, List<ColumnDefinition> there)
    {
        var (words, statements) = (new List<string>(), new List<string>());
        foreach (var gone in there.Where(column => here.TrueForAll(other => other.Name != column.Name)))
        {
            words.Add($"column {gone.QuotedName} is gone");
            statements.Add($"ALTER TABLE {table} DROP COLUMN {gone.QuotedName};");
        }

        foreach (var column in here)
        {
            if (there.Find(other => other.Name == column.Name) is not { } was)
            {
                words.Add($"column {column.QuotedName} is new");
                statements.Add($"ALTER TABLE {table} ADD COLUMN {column};");
            }
            else if (was.Type != column.Type)
            {
                words.Add($"column {column.QuotedName} is {column.Type}, was {was.Type}");
                statements.Add($"ALTER TABLE {table} ALTER COLUMN {column.QuotedName} TYPE {column.Type} USING {column.QuotedName}::{column.Type};");
            }
            else if (was.IsNotNull != column.IsNotNull)
            {
                words.Add($"column {column.QuotedName} is {(column.IsNotNull ? "" : "no longer ")}NOT NULL");
                statements.Add($"ALTER TABLE {table} ALTER COLUMN {column.QuotedName} {(column.IsNotNull ? "SET" : "DROP")} NOT NULL;");
            }
            else if (was.Default != column.Default && column.Generated.Length == 0)
            {
                words.Add($"column {column.QuotedName} has another default");
                var action = column.Default is null ? "DROP DEFAULT" : $"SET DEFAULT {column.Default}";
                statements.Add($"ALTER TABLE {table} ALTER COLUMN {column.QuotedName} {action};");
            }
        }

        return (words, MayBeRenamed(here, there) ? [] : statements);
    }

    // Dropping one column and adding another would lose what is in it, if really it was renamed. A new column comes last; where one that is gone
    // stood before others that are still there, and the new ones stand behind those, it was not.
    static bool MayBeRenamed(List<ColumnDefinition> here, List<ColumnDefinition> there)
    {
        var lastGone = there.FindLastIndex(column => here.TrueForAll(other => other.Name != column.Name));
        var firstNew = here.FindIndex(column => there.TrueForAll(other => other.Name != column.Name));
        if (lastGone < 0 || firstNew < 0)
            return false;
        return lastGone == there.Count - 1 || here.FindLastIndex(column => there.Exists(other => other.Name == column.Name)) > firstNew;
    }
}

/// <summary>A column as ADD COLUMN takes it.</summary>
/// <param name="Type">With its collation, where that is not the type's own.</param>
/// <param name="Default">Of a generated column its expression.</param>
/// <param name="Generated"><c>attgenerated</c>.</param>
sealed record ColumnDefinition(string Name, string Type, string? Default, bool IsNotNull, string Generated)
{
    public string QuotedName => Sql.Identifier(Name);

    public static Task<List<ColumnDefinition>> ListAsync(NpgsqlConnection connection, string table, CancellationToken ct)
        => connection.QueryAsync(
            Query.ColumnDefinitions,
            row => new ColumnDefinition(row.GetString(0), row.GetString(1), row.GetNullable<string>(2), row.GetBoolean(3), row.GetString(4)),
            ct, table);

    public override string ToString()
        => $"{QuotedName} {Type}"
            + (Default is null ? ""
                : Generated.Length == 0 ? $" DEFAULT {Default}"
                : $" GENERATED ALWAYS AS ({Default}) {(Generated == "v" ? "VIRTUAL" : "STORED")}")
            + (IsNotNull ? " NOT NULL" : "");
}
