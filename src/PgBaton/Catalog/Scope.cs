using System.Text;
using System.Text.RegularExpressions;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>
/// Which schemas and tables are moved: the patterns of <c>-n -N -t -T</c>, read as pg_dump reads them. With no pattern, everything.
/// </summary>
sealed class Scope
{
    readonly Regex[] _schemas, _excludedSchemas;
    readonly QualifiedPattern[] _tables, _excludedTables;
    readonly HashSet<string> _added, _removed;

    public Scope(MigrationOptions options)
    {
        _schemas = [.. options.Schemas.Select(Pattern)];
        _excludedSchemas = [.. options.ExcludedSchemas.Select(Pattern)];
        _tables = [.. options.Tables.Select(QualifiedPattern.Parse)];
        _excludedTables = [.. options.ExcludedTables.Select(QualifiedPattern.Parse)];
        (_added, _removed) = ([.. options.AddedTables], [.. options.RemovedTables]);
    }

    /// <summary>Nothing is left out.</summary>
    public bool IsEverything => _schemas.Length + _excludedSchemas.Length + _tables.Length + _excludedTables.Length + _removed.Count == 0;

    /// <summary>-t was given.</summary>
    public bool NamesTables => _tables.Length > 0;

    /// <summary>As in pg_dump, -n has no say over a table that -t names.</summary>
    public bool Includes(string schema, string table)
        => Sql.Identifier(schema, table) is var name && !_removed.Contains(name) && (_added.Contains(name) || IncludedAtFirst(schema, table));

    /// <summary>Whether a pattern of -t, <c>tables add</c> or <c>tables remove</c> means this table.</summary>
    public static bool Matches(string pattern, string schema, string table) => QualifiedPattern.Parse(pattern).Matches(schema, table);

    /// <summary>Whether a pattern of -n means this schema.</summary>
    public static bool MatchesSchema(string pattern, string schema) => Pattern(pattern).IsMatch(schema);

    bool IncludedAtFirst(string schema, string table)
        => (_tables.Length > 0 ? _tables.Any(pattern => pattern.Matches(schema, table)) : IncludesSchema(schema))
           && !_excludedTables.Any(pattern => pattern.Matches(schema, table));

    /// <summary>What -n and -N say; with -t they have no say, and what a table needs comes along.</summary>
    public bool IncludesSchema(string schema)
        => _tables.Length > 0
           || ((_schemas.Length == 0 || _schemas.Any(pattern => pattern.IsMatch(schema))) && !_excludedSchemas.Any(pattern => pattern.IsMatch(schema)));

    public bool Includes(Table table) => Includes(table.Schema, table.Name);

    // Outside quotes: folded to lower case, * and ? as in a shell; inside quotes: letter for letter.
    static Regex Pattern(string pattern) => new($"^(?:{Translate(pattern)})$", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    static string Translate(string pattern)
    {
        var regex = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '"' && quoted && i + 1 < pattern.Length && pattern[i + 1] == '"')
                regex.Append(pattern[i++]);
            else if (c == '"')
                quoted = !quoted;
            else if (quoted)
                regex.Append(Regex.Escape(c.ToString()));
            else
                regex.Append(c switch { '*' => ".*", '?' => ".", '|' or '(' or ')' or '[' or ']' or '+' or '^' or '-' => c.ToString(), _ => Folded(c) });
        }

        return regex.ToString();
    }

    static string Folded(char c) => Regex.Escape(char.ToLowerInvariant(c).ToString());

    sealed record QualifiedPattern(Regex? Schema, Regex Name)
    {
        public static QualifiedPattern Parse(string text)
        {
            var dot = DotOutsideQuotes(text);
            return dot < 0 ? new(null, Pattern(text)) : new(Pattern(text[..dot]), Pattern(text[(dot + 1)..]));
        }

        public bool Matches(string schema, string table) => (Schema is null || Schema.IsMatch(schema)) && Name.IsMatch(table);

        static int DotOutsideQuotes(string text)
        {
            var quoted = false;
            for (var i = 0; i < text.Length; i++)
            {
                quoted ^= text[i] == '"';
                if (text[i] == '.' && !quoted)
                    return i;
            }

            return -1;
        }
    }
}
