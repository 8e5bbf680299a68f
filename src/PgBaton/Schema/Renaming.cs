using System.Text.RegularExpressions;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// A table that has another name on the source than in the journal: it is the same one, with its rows. Its oid tells; of the root of partitions, which holds
/// none, that its definition is the same.
/// </summary>
sealed partial record Renaming((string Schema, string Name) From, (string Schema, string Name) To)
{
    public static async Task<List<Renaming>> FindAsync(
        NpgsqlConnection source, NpgsqlConnection target, List<RecordedEntry> then, IReadOnlyList<ArchiveEntry> now, CancellationToken ct)
    {
        var listed = (await target.QueryAsync(
            "SELECT oid, schema, name FROM pgbaton.relation", row => (Oid: row.GetFieldValue<uint>(0), Schema: row.GetString(1), Name: row.GetString(2)), ct))
            .ToDictionary(row => row.Oid, row => (row.Schema, row.Name));
        var named = await source.QueryAsync(
            "SELECT c.oid, n.nspname::text, c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1)",
            row => (Oid: row.GetFieldValue<uint>(0), Name: (Schema: row.GetString(1), Name: row.GetString(2))), ct, listed.Keys.ToArray());
        var found = named.Where(table => listed[table.Oid] != table.Name).Select(table => new Renaming(listed[table.Oid], table.Name)).ToList();
        found.AddRange(Roots(then, now));
        // In scope, under either name.
        return InTurn(found.FindAll(renaming => then.Exists(entry => entry.IsOf(renaming.From)) && now.Any(entry => IsOf(entry, renaming.To))));
    }

    /// <summary>Where the name it is to have may still be another one's: the name it has in between.</summary>
    public string? Between { get; private init; }

    /// <summary>Before it: all that exchange their names make room.</summary>
    public IReadOnlyList<string> First { get; private init; } = [];

    static List<Renaming> InTurn(List<Renaming> renamings)
    {
        var froms = renamings.ConvertAll(renaming => renaming.From);
        var turned = renamings.ConvertAll(renaming => froms.Contains(renaming.To) || renamings.Exists(other => other.To == renaming.From)
            ? renaming with { Between = $"pgbaton renames {froms.IndexOf(renaming.From)}" } : renaming);
        if (turned.FindIndex(renaming => renaming.Between is not null) is var first and >= 0)
        {
            turned[first] = turned[first] with
            {
                First = [.. turned.Where(renaming => renaming.Between is not null)
                    .Select(renaming => $"ALTER TABLE {Sql.Identifier(renaming.From.Schema, renaming.From.Name)} RENAME TO {Sql.Identifier(renaming.Between!)};")],
            };
        }

        return turned;
    }

    static IEnumerable<Renaming> Roots(List<RecordedEntry> then, IReadOnlyList<ArchiveEntry> now)
    {
        var (before, after) = (then.Where(IsRoot).ToDictionary(entry => entry.Description), now.Where(IsRoot).ToDictionary(entry => entry.Description));
        foreach (var was in before.Values.Where(entry => !after.ContainsKey(entry.Description) && entry.Table is not null))
        {
            if (after.Values.Where(entry => !before.ContainsKey(entry.Description) && was.Command.Contains(Body(entry.Definition), StringComparison.Ordinal)).ToList() is [var entry])
                yield return new(was.Table!.Value, (entry.Schema, entry.Name));
        }
    }

    static bool IsRoot(RecordedEntry entry) => entry.Kind == "TABLE" && entry.Command.Contains("\nPARTITION BY ", StringComparison.Ordinal);

    static bool IsRoot(ArchiveEntry entry) => entry.Kind == "TABLE" && entry.Definition.Contains("\nPARTITION BY ", StringComparison.Ordinal);

    // From the columns on.
    static string Body(string definition) => definition[definition.IndexOf(" (\n", StringComparison.Ordinal)..];

    static bool IsOf(ArchiveEntry entry, (string Schema, string Name) table) => entry.Table == table || (entry.Kind == "TABLE" && (entry.Schema, entry.Name) == table);

    /// <summary>Takes out of both lists what is the same but for names, and returns it as one difference. The rest is told of as new and gone.</summary>
    public ObjectDifference Take(List<RecordedEntry> then, List<ArchiveEntry> now)
    {
        var (was, @is, commands) = (new List<RecordedEntry>(), new List<ArchiveEntry>(), new List<string>());
        var (columns, definition) = (ColumnHistory.Unknown, "");
        foreach (var former in then.Where(entry => entry.IsOf(From)).ToList())
        {
            var ours = now.FindAll(entry => IsOf(entry, To) && entry.Kind == former.Kind);
            var same = ours.Find(entry => Own(entry.Name, To.Name) == Own(former.Name, From.Name)) ?? ours.Find(entry => entry.Definition == In(former, entry));
            if (same is null)
                continue;
            var (called, name) = (Own(former.Name, From.Name), Own(same.Name, To.Name));
            if (called != name && former.IsMade && NamedAnew.Command(same.Kind, To, called, name) is { } command)
                commands.Add(command);
            if (former.Kind == "TABLE")
                (columns, definition) = (new(former.Columns, same.Columns), In(former.Command, [this]));
            was.Add(former);
            @is.Add(same);
            then.Remove(former);
            now.Remove(same);
        }

        return new(
            RecordedEntry.Describe(From), $"is {Sql.Identifier(To.Schema, To.Name)} now", commands, [.. was.Select(entry => entry.Description)], @is,
            Former: definition, Renamed: this)
        {
            Columns = columns,
        };
    }

    // An index or a constraint that got another name with its table, as where one table takes the place of another.
    string In(RecordedEntry former, ArchiveEntry entry)
        => Replaced(In(former.Command, [this]), Quoted(Own(former.Name, From.Name)), Quoted(Own(entry.Name, To.Name)));

    /// <summary>A definition that names such tables, with their new names.</summary>
    public static string In(string definition, IReadOnlyList<Renaming> renamings)
        => renamings.Count == 0 ? definition : Regex.Replace(
            definition, $@"(?<![\w$"".])(?:{string.Join('|', renamings.Select(renaming => Regex.Escape(Printed(renaming.From))))})(?![\w$])",
            name => Printed(renamings.First(renaming => Printed(renaming.From) == name.Value).To));

    internal static string Replaced(string definition, string from, string to)
        => Regex.Replace(definition, $@"(?<![\w$"".]){Regex.Escape(from)}(?![\w$])", to.Replace("$", "$$", StringComparison.Ordinal));

    // As pg_dump prints it, but for key words.
    internal static string Printed((string Schema, string Name) table) => $"{Quoted(table.Schema)}.{Quoted(table.Name)}";

    internal static string Quoted(string name) => Plain().IsMatch(name) ? name : Sql.Identifier(name);

    [GeneratedRegex("^[a-z_][a-z0-9_]*$")]
    private static partial Regex Plain();

    // An index has its name only; a constraint or trigger that of the table before it.
    internal static string Own(string name, string table) => name == table ? "" : name.StartsWith($"{table} ", StringComparison.Ordinal) ? name[(table.Length + 1)..] : name;
}
