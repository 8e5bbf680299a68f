using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// An index, a constraint or a trigger that has another name on the source and is otherwise the same: it is renamed on the target, and an index needs not be
/// built again.
/// </summary>
static class NamedAnew
{
    /// <summary>Takes them out of both lists. Of each, also what it is called elsewhere: a partition's index is attached to the root's by name.</summary>
    public static List<(ObjectDifference Difference, Renaming Renaming)> Take(List<RecordedEntry> then, List<ArchiveEntry> now)
    {
        var (before, after) = (then.Select(entry => entry.Description).ToHashSet(), now.Select(entry => entry.Description).ToHashSet());
        var found = new List<(ObjectDifference, Renaming)>();
        foreach (var former in then.FindAll(entry => entry is { Table: not null } && !after.Contains(entry.Description) && (entry.IsMade || entry.Kind == "FK CONSTRAINT")))
        {
            if (now.FindAll(entry => !before.Contains(entry.Description) && IsSame(former, entry)) is not [var entry] || Command(former, entry) is not { } command)
                continue;
            then.Remove(former);
            now.Remove(entry);
            var (schema, name) = (former.Table!.Value.Schema, Own(entry));
            found.Add((
                new(former.Description, $"is named {Sql.Identifier(name)} now", [former.IsMade ? command : $"-- {former.Description} waits"], [former.Description], [entry]),
                new((schema, Own(former)), (schema, name))));
        }

        return found;
    }

    static bool IsSame(RecordedEntry former, ArchiveEntry entry)
        => entry.Kind == former.Kind && entry.Table == former.Table
            && Renaming.Replaced(former.Command, Renaming.Quoted(Own(former)), Renaming.Quoted(Own(entry))) == entry.Definition;

    static string? Command(RecordedEntry former, ArchiveEntry entry)
    {
        var (schema, table) = former.Table!.Value;
        var (was, now) = (Sql.Identifier(Own(former)), Sql.Identifier(Own(entry)));
        return entry.Kind switch
        {
            "INDEX" => $"ALTER INDEX {Sql.Identifier(schema, Own(former))} RENAME TO {now};",
            "CONSTRAINT" or "FK CONSTRAINT" or "CHECK CONSTRAINT" => $"ALTER TABLE {Sql.Identifier(schema, table)} RENAME CONSTRAINT {was} TO {now};",
            "TRIGGER" => $"ALTER TRIGGER {was} ON {Sql.Identifier(schema, table)} RENAME TO {now};",
            _ => null,
        };
    }

    static string Own(RecordedEntry entry) => Renaming.Own(entry.Name, entry.Table!.Value.Name);

    static string Own(ArchiveEntry entry) => Renaming.Own(entry.Name, entry.Table!.Value.Name);
}
