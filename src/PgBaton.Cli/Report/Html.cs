using System.Globalization;
using System.Net;

namespace PgBaton.Cli.Report;

/// <summary>Text on its way into a page. Names of tables may hold anything, tags among it.</summary>
static class Html
{
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>A table; cells are HTML already. Columns whose name ends with a blank hold numbers.</summary>
    public static string Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var numeric = columns.Select(column => column.EndsWith(' ')).ToArray();
        var head = string.Concat(columns.Select((column, i) => $"<th scope=\"col\"{Align(i)}>{Text(column.TrimEnd())}</th>"));
        var body = string.Concat(rows.Select(row => $"<tr>{string.Concat(row.Select((cell, i) => $"<td data-name=\"{Text(columns[i].TrimEnd())}\"{Align(i)}>{cell}</td>"))}</tr>\n"));
        return $"<div class=\"wide\"><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>\n";

        string Align(int column) => numeric[column] ? " class=\"n\"" : "";
    }
}
