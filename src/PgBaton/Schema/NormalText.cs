using System.Text;
using System.Text.RegularExpressions;

namespace PgBaton.Schema;

/// <summary>
/// A definition as any release would print it. Later ones leave out the name of the only table a query reads in front of its columns, parentheses around
/// one word or another pair, and the names of constraints that are NOT NULL.
/// </summary>
static partial class NormalText
{
    public static string Of(string command)
    {
        command = command.Replace(" NO INDENT)", ")", StringComparison.Ordinal); // Of XMLSERIALIZE, said from 16 on.
        // The column of a child that is not null because its parent's is not: releases disagree about whether to print that.
        var tokens = Token().Matches(NamedNotNull().Replace(command, Inherits().IsMatch(command) ? "" : " NOT NULL")).Select(token => token.Value).ToList();
        var at = 0;
        return Group(WithoutTables(tokens), ref at);
    }

    // Up to the parenthesis that ends it.
    static string Group(List<string> tokens, ref int at)
    {
        var (text, pieces) = (new StringBuilder(), 0);
        for (; at < tokens.Count && tokens[at] != ")"; at++, pieces++)
        {
            if (tokens[at] != "(")
            {
                text.Append(tokens[at]).Append(' ');
                continue;
            }

            at++;
            text.Append(Group(tokens, ref at));
        }

        return pieces == 1 || at >= tokens.Count ? text.ToString() : $"( {text}) ";
    }

    // What stands in front of the name of a column, in a query. A name that is looked for among tables, functions or types keeps its schema.
    static List<string> WithoutTables(List<string> tokens)
    {
        var left = new List<string>(tokens.Count);
        var clauses = new Stack<string>([""]); // In which the query is, of every parenthesis that is open.
        for (var at = 0; at < tokens.Count; at++)
        {
            var (start, before) = (at, at == 0 ? "" : tokens[at - 1]);
            while (at + 2 < tokens.Count && IsName(tokens[at]) && tokens[at + 1] == "." && IsName(tokens[at + 2]))
                at += 2;
            var keepsSchema = clauses.All(clause => clause.Length == 0) || IsBeforeTable(before, clauses.Peek()) || (at + 1 < tokens.Count && tokens[at + 1] == "(");
            left.AddRange(keepsSchema ? tokens[start..(at + 1)] : [tokens[at]]);
            if (tokens[at] == "(")
                clauses.Push(IsBeforeTable(before, clauses.Peek()) ? clauses.Peek() : "");
            else if (tokens[at] == ")" && clauses.Count > 1)
                clauses.Pop();
            else if (BeginsClause(tokens[at], before, clauses.Peek()))
            {
                clauses.Pop();
                clauses.Push(tokens[at]);
            }
        }

        return left;
    }

    static bool BeginsClause(string token, string before, string clause)
        => token is "SELECT" or "WHERE" or "GROUP" or "HAVING" or "WINDOW" or "ORDER" or "SET"
            || (token == "FROM" && before != "DISTINCT" && (clause == "SELECT" || before == "DELETE")); // Not of EXTRACT, or a comparison.

    static bool IsBeforeTable(string token, string clause) => token switch
    {
        "FROM" or "JOIN" or "," or "(" or "LATERAL" => clause == "FROM",
        "ONLY" or "INTO" or "UPDATE" or "REFERENCES" or "TO" or "TABLE" or ":" or "ON" or "COLLATE" => true,
        _ => false,
    };

    static bool IsName(string token) => token[0] == '"' || token[0] == '_' || char.IsLetter(token[0]);

    // A constraint with a name from 18 on, before that a property of the column.
    [GeneratedRegex("""(?:\sCONSTRAINT (?:"(?:[^"]|"")*"|\w+))? NOT NULL""")]
    private static partial Regex NamedNotNull();

    [GeneratedRegex("""^(?:\)\nINHERITS \(|ALTER TABLE ONLY [^\n]* INHERIT )""", RegexOptions.Multiline)]
    private static partial Regex Inherits();

    // A string, a body between dollars, a quoted name, a word or number, or one sign. Blanks match nothing.
    [GeneratedRegex("""E?'(?:[^'\\]|''|\\.)*'|(?<dollar>\$\w*\$)[\s\S]*?\k<dollar>|"(?:[^"]|"")*"|[\w$]+|[^\s\w]""")]
    private static partial Regex Token();
}
