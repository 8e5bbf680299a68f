using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PgBaton.Tests;

/// <summary>
/// One scenario: <c>-- @schema</c> and <c>-- @seed</c> make the source, <c>-- @cdc</c> is what the application does while following. The head
/// may say <c>-- @min 17</c>, the oldest server that can hold it, and says how a migration of it must end: <c>-- expect: equal</c>,
/// <c>refused: PBnnnn</c> or <c>drift: PBnnnn</c>; <c>-- expect plain owner: …</c> where that role on the target has another answer.
/// </summary>
public sealed partial class CaseFile
{
    readonly Dictionary<string, string> _sections = [];

    public CaseFile(string name)
    {
        Name = name;
        var section = "head";
        foreach (var line in File.ReadLines(Path.Combine(Folder, $"{name}.sql")))
        {
            if (Minimum().Match(line) is { Success: true } minimum)
                OldestMajor = int.Parse(minimum.Groups[1].Value, CultureInfo.InvariantCulture);
            else if (line.StartsWith("-- @", StringComparison.Ordinal))
                section = line[4..].Trim();
            else
                _sections[section] = _sections.GetValueOrDefault(section, "") + line + "\n";
        }
    }

    public string Name { get; }

    public int OldestMajor { get; }

    /// <summary>How its migration must end; null if the file does not say.</summary>
    public string? Expectation(bool plainOwner)
        => (plainOwner ? Find("expect plain owner") : null) ?? Find("expect");

    string? Find(string key)
        => Expected().Matches(this["head"]).Where(match => match.Groups[1].Value == key).Select(match => match.Groups[2].Value).FirstOrDefault();

    /// <summary>Those of this repository, or PGBATON_CASES.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("PGBATON_CASES") is { Length: > 0 } given
        ? given : Path.Combine(AppContext.BaseDirectory, "Cases");

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

    [GeneratedRegex("^-- @min ([0-9]+)")]
    private static partial Regex Minimum();

    [GeneratedRegex("^-- (expect|expect plain owner): (equal|(?:refused|drift): PB[0-9]{4})$", RegexOptions.Multiline)]
    private static partial Regex Expected();
}
