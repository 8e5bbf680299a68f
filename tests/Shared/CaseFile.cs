using System.Diagnostics;

namespace PgBaton.Tests;

/// <summary>
/// One scenario: <c>-- @schema</c> and <c>-- @seed</c> make the source, <c>-- @cdc</c> is what the application does while following.
/// </summary>
public sealed class CaseFile
{
    readonly Dictionary<string, string> _sections = [];

    public CaseFile(string name)
    {
        var section = "head";
        foreach (var line in File.ReadLines(Path.Combine(Folder, $"{name}.sql")))
        {
            if (line.StartsWith("-- @", StringComparison.Ordinal))
                section = line[4..].Trim();
            else
                _sections[section] = _sections.GetValueOrDefault(section, "") + line + "\n";
        }
    }

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Cases");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.sql").Select(path => Path.GetFileNameWithoutExtension(path)).Order();

    public string this[string section] => _sections.GetValueOrDefault(section, "");

    /// <summary>Runs SQL as psql does: each statement as its own command, in one session, going on after an error. Returns what went to stderr.</summary>
    public static async Task<string> PsqlAsync(TestDatabase database, string sql)
    {
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-v", "VERBOSITY=verbose", "-f", "-", database.Uri])
        {
            RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        using var psql = Process.Start(start)!;
        var output = psql.StandardOutput.ReadToEndAsync();
        var errors = psql.StandardError.ReadToEndAsync();
        await psql.StandardInput.WriteAsync(sql);
        psql.StandardInput.Close();
        await psql.WaitForExitAsync();
        await output;
        return await errors;
    }
}
