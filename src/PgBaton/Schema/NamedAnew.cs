using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// An index, a constraint, a trigger, a rule or a policy that has another name on the source and is otherwise the same: it is renamed on the target, and an index needs not be
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
            if (now.FindAll(entry => !before.Contains(entry.Description) && IsSame(former, entry)) is not [var entry] || Command(entry.Kind, entry.Table!.Value, Own(former), Own(entry)) is not { } command)
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

    /// <summary>Null: a thing of that kind is not renamed.</summary>
    /// <param name="kind">As pg_restore lists it.</param>
    /// <param name="table">As it is called on the target by then.</param>
    /// <param name="from">What the thing is called there, without its table.</param>
    /// <param name="to">What it is to be called.</param>
    public static string? Command(string kind, (string Schema, string Name) table, string from, string to)
    {
        var (on, was, now) = (Sql.Identifier(table.Schema, table.Name), Sql.Identifier(from), Sql.Identifier(to));
        return kind switch
        {
            "INDEX" => $"ALTER INDEX {Sql.Identifier(table.Schema, from)} RENAME TO {now};",
            "CONSTRAINT" or "FK CONSTRAINT" or "CHECK CONSTRAINT" => $"ALTER TABLE {on} RENAME CONSTRAINT {was} TO {now};",
            "TRIGGER" or "RULE" or "POLICY" => $"ALTER {kind} {was} ON {on} RENAME TO {now};",
            _ => null,
        };
    }

    static string Own(RecordedEntry entry) => Renaming.Own(entry.Name, entry.Table!.Value.Name);

    static string Own(ArchiveEntry entry) => Renaming.Own(entry.Name, entry.Table!.Value.Name);
}
