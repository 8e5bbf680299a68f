namespace PgBaton.Cli.Options;

/// <summary>
/// The file of <c>--filter</c>, in the format of pg_dump: <c>include table public.*</c>, <c>exclude schema audit</c>, # for comments.
/// </summary>
sealed record FilterFile(
    IReadOnlyList<string> Schemas, IReadOnlyList<string> ExcludedSchemas, IReadOnlyList<string> Tables, IReadOnlyList<string> ExcludedTables)
{
    /// <exception cref="MigrationException">PB0021.</exception>
    public static FilterFile Read(string file)
    {
        try
        {
            return Parse(file, File.ReadLines(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Errors.FilterFile(file, line: 0, failure.Message);
        }
    }

    /// <exception cref="MigrationException">PB0021.</exception>
    public static FilterFile Parse(string file, IEnumerable<string> lines)
    {
        var (schemas, excludedSchemas, tables, excludedTables) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (WithoutComment(line) is not { Length: > 0 } rule)
                continue;
            var words = rule.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length < 3)
                throw Errors.FilterFile(file, number, "three words are expected");
            var list = (words[0], words[1]) switch
            {
                ("include", "schema") => schemas,
                ("exclude", "schema") => excludedSchemas,
                ("include", "table") => tables,
                ("exclude", "table") => excludedTables,
                ("include" or "exclude", _) => throw Errors.FilterFile(file, number, $"\"{words[1]}\" is not supported"),
                _ => throw Errors.FilterFile(file, number, $"\"{words[0]}\" is neither include nor exclude"),
            };
            list.Add(words[2]);
        }

        return new FilterFile(schemas, excludedSchemas, tables, excludedTables);
    }

    static string WithoutComment(string line)
    {
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            quoted ^= line[i] == '"';
            if (line[i] == '#' && !quoted)
                return line[..i].Trim();
        }

        return line.Trim();
    }
}
