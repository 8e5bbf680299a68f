using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// What to do about a difference: for a table or a composite type that was altered, column by column; for an enum, label by label; for a domain, constraint by
/// constraint; for the rest, the object's own commands.
/// </summary>
static class TableChange
{
    public static async Task<SchemaChange> ExplainAsync(
        ObjectDifference difference, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var explained = difference switch
        {
            { Renamed: { } renaming } => await ExplainRenamedAsync(difference, renaming, source, target, ct),
            { What: "was changed", Now: [{ Kind: "TABLE" } table] } => await ExplainTableAsync(difference, table, source, target, ct),
            { What: "was changed", Now: [{ Kind: "TYPE" } type] } => await ExplainTypeAsync(difference, type, source, target, ct),
            { What: "was changed", Now: [{ Kind: "DOMAIN" } domain] } => Explained(
                difference, await DomainChange.ExplainAsync(Sql.Identifier(domain.Schema, domain.Name), source, target, ct)),
            { Detached: { } detached } when await DetachAsync(Sql.Identifier(detached.Schema, detached.Name), target, ct) is { Count: > 0 } detach => new(
                difference.Object, difference.What, detach, difference.Was, difference.Now),
            _ => null,
        };
        List<string> own = [.. difference.Commands.Select(command => command.Trim()).Where(command => command.Length > 0)];
        return explained ?? new(difference.Object, difference.What, own, difference.Was, difference.Now)
        {
            Otherwise = difference.Otherwise ?? [],
        };
    }

    // Its own commands would be DROP and CREATE: never those.
    static async Task<SchemaChange> ExplainTableAsync(
        ObjectDifference difference, ArchiveEntry table, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var name = Sql.Identifier(table.Schema, table.Name);
        var (words, statements) = await AlterAsync(name, name, "ALTER TABLE", "COLUMN", source, target, ct);
        var (rest, commands) = TableRest.Compare(name, difference.Former, table.Definition);
        if (words.Count + rest.Count == 0)
            rest = SchemaText.Differences(difference.Former, table.Definition);
        return Explained(difference, ([.. words, .. rest], commands is null || (words.Count > 0 && statements.Count == 0) ? [] : [.. statements, .. commands]))
            ?? new(difference.Object, difference.What, [], difference.Was, difference.Now);
    }

    // Another schema would take sequences along, and more: that is for a person.
    static async Task<SchemaChange> ExplainRenamedAsync(
        ObjectDifference difference, Renaming renaming, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var (from, to) = (renaming.From, renaming.To);
        var now = Sql.Identifier(to.Schema, to.Name);
        var (words, statements) = await AlterAsync(now, Sql.Identifier(from.Schema, from.Name), "ALTER TABLE", "COLUMN", source, target, ct);
        var isMoved = from.Schema != to.Schema || (words.Count > 0 && statements.Count == 0);
        var rename = $"ALTER TABLE {Sql.Identifier(from.Schema, renaming.Between ?? from.Name)} RENAME TO {Sql.Identifier(to.Name)};";
        return new(
            difference.Object, words.Count == 0 ? difference.What : $"{difference.What}, and was changed: {string.Join(", ", words)}",
            isMoved ? [] : [.. renaming.First, rename, .. difference.Commands, .. statements], difference.Was, difference.Now);
    }

    static async Task<SchemaChange?> ExplainTypeAsync(
        ObjectDifference difference, ArchiveEntry type, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
        => Explained(difference, await EnumChange.ExplainAsync(Sql.Identifier(type.Schema, type.Name), source, target, ct))
            ?? Explained(
                difference,
                await AlterAsync(Sql.Identifier(type.Schema, type.Name), Sql.Identifier(type.Schema, type.Name), "ALTER TYPE", "ATTRIBUTE", source, target, ct));

    // Null: there is nothing to say.
    static SchemaChange? Explained(ObjectDifference difference, (List<string> Words, List<string> Statements) change)
        => change.Words.Count == 0 ? null
            : new(difference.Object, $"was changed: {string.Join(", ", change.Words)}", change.Statements, difference.Was, difference.Now)
            {
                Otherwise = difference.Around.Count == 0 || change.Statements.Count == 0 ? []
                    : [.. difference.Around.Select(other => other.Drop).Reverse(), .. change.Statements, .. difference.Around.Select(other => other.Definition)],
            };

    static async Task<(List<string> Words, List<string> Statements)> AlterAsync(
        string name, string nameThere, string alter, string column, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var here = await ColumnDefinition.ListAsync(source, name, ct);
        var there = await ColumnDefinition.ListAsync(target, nameThere, ct);
        var (words, statements) = Compare($"{alter} {name}", column, here, there);
        var checks = await CheckChange.ListAsync(name, nameThere, source, target, ct);
        return (
            [.. words, .. checks.Select(check => check.Words), .. Renaming($"{alter} {name}", column, here, there)],
            MayBeRenamed(here, there) ? [] : CheckChange.Around(statements, $"{alter} {name}", checks));
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

    static (List<string> Words, List<string> Statements) Compare(
        string alter, string kind, List<ColumnDefinition> here, List<ColumnDefinition> there)
    {
        var (words, statements) = (new List<string>(), new List<string>());
        var noun = kind.ToLowerInvariant();
        foreach (var gone in there.Where(column => here.TrueForAll(other => other.Name != column.Name)))
            Tell(gone, "is gone", FollowsParent(gone, $"{alter} DROP {kind} {gone.QuotedName};"));
        foreach (var column in here)
        {
            if (there.Find(other => other.Name == column.Name) is not { } was)
            {
                words.Add($"{noun} {column.QuotedName} is new");
                statements.AddRange(column.Additions($"{alter} ADD {kind}", $"{alter} ALTER {kind}").Select(statement => FollowsParent(column, statement)));
                continue;
            }

            if (was.Type != column.Type)
            {
                var conversion = kind == "COLUMN" ? $" USING {column.QuotedName}::{column.Type}" : "";
                Tell(
                    column, $"is {column.Type}, was {was.Type}",
                    FollowsParent(column, $"{alter} ALTER {kind} {column.QuotedName} TYPE {column.Type}{conversion};"));
            }

            if (was.IsNotNull != column.IsNotNull)
            {
                Tell(
                    column, $"is {(column.IsNotNull ? "" : "no longer ")}NOT NULL",
                    $"{alter} ALTER {kind} {column.QuotedName} {(column.IsNotNull ? "SET" : "DROP")} NOT NULL;");
            }

            if (was.Generated.Length > 0 && was.Generated != column.Generated)
            {
                Tell(column, "is no longer generated", FollowsParent(column, $"{alter} ALTER {kind} {column.QuotedName} DROP EXPRESSION;"));
            }
            else if (column.Generated.Length > 0 && was.Default != column.Default)
            {
                Tell(
                    column, "has another expression",
                    FollowsParent(column, $"{alter} ALTER {kind} {column.QuotedName} SET EXPRESSION AS ({column.Default});"));
            }
            else if (was.Default != column.Default && column.Generated.Length == 0)
            {
                var action = column.Default is null ? "DROP DEFAULT" : $"SET DEFAULT {column.Default}";
                Tell(column, "has another default", $"{alter} ALTER {kind} {column.QuotedName} {action};");
            }
        }

        return (words, statements);

        void Tell(ColumnDefinition column, string what, string statement)
        {
            words.Add($"{noun} {column.QuotedName} {what}");
            statements.Add(statement);
        }
    }

    static string FollowsParent(ColumnDefinition column, string statement) => column.IsInherited ? WithParent(statement) : statement;

    /// <summary>For a partition, or another child: the command for the parent reaches it, and one for it alone is refused.</summary>
    internal static string WithParent(string statement) => $"-- with its parent: {statement.ReplaceLineEndings(" ")}";

    // For a person to see whether that is what happened.
    static IEnumerable<string> Renaming(string alter, string kind, List<ColumnDefinition> here, List<ColumnDefinition> there)
        => MayBeRenamed(here, there)
            && there.FindAll(column => here.TrueForAll(other => other.Name != column.Name)) is [{ IsInherited: false } former]
            && here.FindAll(column => there.TrueForAll(other => other.Name != column.Name)) is [var now] && former.Type == now.Type
                ? [$"perhaps by {alter} RENAME {kind} {former.QuotedName} TO {now.QuotedName}"] : [];

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
