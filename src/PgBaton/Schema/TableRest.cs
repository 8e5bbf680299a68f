namespace PgBaton.Schema;

/// <summary>What a table's definition says beside its columns and constraints: parents, partitioning, storage parameters, and the commands behind CREATE TABLE.</summary>
static class TableRest
{
    /// <summary>The difference in words, and the commands for it; null: only a person can say.</summary>
    /// <param name="table">Qualified and quoted.</param>
    /// <param name="was">As pg_dump prints it.</param>
    /// <param name="now">Likewise.</param>
    public static (List<string> Words, List<string>? Commands) Compare(string table, string was, string now)
    {
        var (before, after) = (Lines(was), Lines(now));
        var (gone, added) = (before.Except(after).ToList(), after.Except(before).ToList());
        var undone = gone.ConvertAll(line => Undo(table, line, added));
        var done = added.ConvertAll(line => Do(table, line));
        return (SchemaText.Differences(before, after), undone.Contains(null) || done.Contains(null) ? null : [.. undone.Concat(done).OfType<string>().Where(command => command.Length > 0)]);
    }

    // Columns and constraints are set off by four blanks; they are looked at in the catalogs.
    static List<string> Lines(string definition)
        => [.. definition.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("    ", StringComparison.Ordinal)
            && !line.StartsWith("CREATE ", StringComparison.Ordinal)).Select(line => line.Trim().TrimEnd(';')).Where(line => line is not (")" or ""))];

    static string? Do(string table, string line)
        => line.StartsWith("ALTER TABLE ", StringComparison.Ordinal) ? $"{line};"
            : Options(line) is { } options ? $"ALTER TABLE {table} SET ({options});"
            : null;

    // Empty: what is said now takes its place.
    static string? Undo(string table, string line, List<string> added)
    {
        if (Options(line) is { } options)
            return $"ALTER TABLE {table} RESET ({string.Join(", ", options.Split(", ").Select(option => option.Split('=')[0]))});";
        if (line.EndsWith(" FORCE ROW LEVEL SECURITY", StringComparison.Ordinal))
            return $"ALTER TABLE ONLY {table} NO FORCE ROW LEVEL SECURITY;";
        if (line.StartsWith("ALTER TABLE ", StringComparison.Ordinal) && line.Contains(" REPLICA IDENTITY ", StringComparison.Ordinal))
            return added.Exists(other => other.Contains(" REPLICA IDENTITY ", StringComparison.Ordinal)) ? "" : $"ALTER TABLE ONLY {table} REPLICA IDENTITY DEFAULT;";
        return Subject(line) is { } subject && added.Exists(other => Subject(other) == subject) ? "" : null;
    }

    static string? Options(string line) => line.StartsWith("WITH (", StringComparison.Ordinal) && line.EndsWith(')') ? line["WITH (".Length..^1] : null;

    // "ALTER TABLE ONLY t ALTER COLUMN c SET STORAGE", "ALTER TABLE t OWNER TO": all but the value.
    static string? Subject(string line)
        => line.StartsWith("ALTER TABLE ", StringComparison.Ordinal) && line.LastIndexOf(' ') is var end and > 0 ? line[..end] : null;
}
