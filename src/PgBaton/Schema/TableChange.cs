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
            { IsChanged: true, Now: [{ Kind: "TABLE" } table] } => await ExplainTableAsync(difference, table, source, target, ct),
            { IsChanged: true, Now: [{ Kind: "TYPE" } type] } => await ExplainTypeAsync(difference, type, source, target, ct),
            { IsChanged: true, Now: [{ Kind: "DOMAIN" } domain] } => Explained(
                difference, await DomainChange.ExplainAsync(Sql.Identifier(domain.Schema, domain.Name), source, target, ct)),
            { Detached: { } detached } => await DetachedPartition.ExplainAsync(difference, Sql.Identifier(detached.Schema, detached.Name), target, ct),
            { IsChanged: true, Now: [{ Kind: "SERVER" } server] } => await ServerOptions.ExplainAsync(difference, server.Name, source, target, ct),
            { Now: [], IsLeft: false } => await ValidatedConstraint.ExplainAsync(difference, source, ct),
            _ => null,
        };
        List<string> own = [.. difference.Commands.Select(command => command.Trim()).Where(command => command.Length > 0)];
        return (explained ?? new(difference.Object, difference.What, own, difference.Was, difference.Now)
        {
            Otherwise = difference.Otherwise ?? [],
        }) with
        {
            IsFirst = difference.IsFirst,
            IsLeft = difference.IsLeft,
        };
    }

    // Its own commands would be DROP and CREATE: never those.
    static async Task<SchemaChange> ExplainTableAsync(
        ObjectDifference difference, ArchiveEntry table, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var name = Sql.Identifier(table.Schema, table.Name);
        var columns = await AlterAsync(name, name, "ALTER TABLE", "COLUMN", difference.Columns, source, target, ct);
        var (rest, commands) = TableRest.Compare(name, difference.Former, table.Definition);
        if (columns.Words.Count + rest.Count == 0)
            rest = SchemaText.Differences(difference.Former, table.Definition);
        List<string> statements = commands is null || (columns.Words.Count > 0 && columns.Statements.Count == 0) ? [] : [.. columns.Statements, .. commands];
        return Explained(difference, ([.. columns.Words, .. rest], statements), columns.HasOtherValues)
            ?? new(difference.Object, difference.What, [], difference.Was, difference.Now);
    }

    // Another schema would take sequences along, and more: that is for a person.
    static async Task<SchemaChange> ExplainRenamedAsync(
        ObjectDifference difference, Renaming renaming, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var (from, to) = (renaming.From, renaming.To);
        var now = Sql.Identifier(to.Schema, to.Name);
        if (difference.Now.FirstOrDefault(entry => entry.Kind == "TABLE") is { } table && await IsThereAsync(target, now, ct) && !await IsThereAsync(target, Sql.Identifier(from.Schema, from.Name), ct))
            return await ExplainTableAsync(difference, table, source, target, ct); // By hand.
        var columns = await AlterAsync(now, Sql.Identifier(from.Schema, from.Name), "ALTER TABLE", "COLUMN", difference.Columns, source, target, ct);
        var isMoved = from.Schema != to.Schema || (columns.Words.Count > 0 && columns.Statements.Count == 0);
        var rename = $"ALTER TABLE {Sql.Identifier(from.Schema, renaming.Between ?? from.Name)} RENAME TO {Sql.Identifier(to.Name)};";
        return new(
            difference.Object, columns.Words.Count == 0 ? difference.What : $"{difference.What}, and was changed: {string.Join(", ", columns.Words)}",
            isMoved ? [] : [.. renaming.First, rename, .. difference.Commands, .. columns.Statements], difference.Was, difference.Now)
        {
            HasOtherValues = columns.HasOtherValues,
        };
    }

    static async Task<SchemaChange?> ExplainTypeAsync(
        ObjectDifference difference, ArchiveEntry type, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var name = Sql.Identifier(type.Schema, type.Name);
        if (Explained(difference, await EnumChange.ExplainAsync(name, difference.Columns, source, target, ct)) is { } labels)
            return labels;
        var attributes = await AlterAsync(name, name, "ALTER TYPE", "ATTRIBUTE", difference.Columns, source, target, ct);
        return Explained(difference, (attributes.Words, attributes.Statements), attributes.HasOtherValues);
    }

    // Null: there is nothing to say.
    static SchemaChange? Explained(ObjectDifference difference, (IReadOnlyList<string> Words, IReadOnlyList<string> Statements) change, bool hasOtherValues = false)
        => change.Words.Count == 0 ? null
            : new(difference.Object, $"{difference.What}: {string.Join(", ", change.Words)}", change.Statements, difference.Was, difference.Now)
            {
                HasOtherValues = hasOtherValues,
                Otherwise = difference.Around.Count == 0 || change.Statements.Count == 0 ? []
                    : [.. difference.Around.Select(other => other.Drop).Reverse(), .. change.Statements, .. difference.Around.Select(other => other.Definition)],
            };

    static async Task<ColumnChanges> AlterAsync(
        string name, string nameThere, string alter, string column, ColumnHistory history, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var here = await ColumnDefinition.ListAsync(source, name, ct);
        var there = await ColumnDefinition.ListAsync(target, nameThere, ct);
        var checks = await CheckChange.ListAsync(name, nameThere, source, target, ct);
        return ColumnChanges.Find($"{alter} {name}", column, history, here, there, hasNames: target.PostgreSqlVersion.Major >= 18).With(checks);
    }

    static Task<bool> IsThereAsync(NpgsqlConnection target, string table, CancellationToken ct)
        => target.QueryValueAsync<bool>("SELECT pg_catalog.to_regclass($1) IS NOT NULL", ct, table);

    /// <summary>For a partition, or another child: the command for the parent reaches it, and one for it alone is refused.</summary>
    internal static string WithParent(string statement) => $"-- with its parent: {statement.ReplaceLineEndings(" ")}";
}
