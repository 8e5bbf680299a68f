using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>An installed pg_dump.</summary>
/// <param name="Path">Of the executable.</param>
/// <param name="Version">As it prints it, 18.6 or 19beta1.</param>
/// <param name="Major">The first number of it.</param>
sealed partial record ClientProgram(string Path, string Version, int Major)
{
    // Asked once: a process for each folder, each time the schema is looked at, would be most of the work.
    static readonly ConcurrentDictionary<(string Path, DateTime WrittenAt), ClientProgram?> _known = new();

    static readonly string _fileName = OperatingSystem.IsWindows() ? "pg_dump.exe" : "pg_dump";

    /// <summary>The newest: it reads every older server, and writes what newer targets take.</summary>
    /// <exception cref="MigrationException">PB0301: there is none. PB0302: all are older than the source.</exception>
    public static async Task<ClientProgram> FindAsync(MigrationOptions options, ServerVersion source, CancellationToken ct)
    {
        var folders = Folders(options).Distinct(StringComparer.Ordinal).ToList();
        ClientProgram? newest = null;
        foreach (var path in folders.Select(folder => System.IO.Path.Combine(folder, _fileName)).Where(File.Exists))
        {
            if (await FindVersionAsync(path, ct) is { } found && found.Major > (newest?.Major ?? 0))
                newest = found;
        }

        if (newest is null)
            throw Errors.NoPgDump(string.Join(", ", folders));
        return newest.Major >= source.Major ? newest : throw Errors.PgDumpTooOld(newest.Path, newest.Version, source);
    }

    /// <summary>The psql beside it.</summary>
    /// <exception cref="MigrationException">PB0301, PB0302.</exception>
    public static async Task<string> FindPsqlAsync(MigrationOptions options, ServerVersion source, CancellationToken ct)
        => System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName((await FindAsync(options, source, ct)).Path)!, OperatingSystem.IsWindows() ? "psql.exe" : "psql");

    // --pg-bin is an order: nothing else is looked at. PATH comes last, since Debian puts a wrapper there that chooses for itself.
    static IEnumerable<string> Folders(MigrationOptions options)
    {
        if (options.PgBin is { } given)
            return [given];
        List<string> folders = [];
        if (Environment.GetEnvironmentVariable("PGBATON_POSTGRES") is { Length: > 0 } own)
            folders.Add(System.IO.Path.Combine(own, "client", "bin"));
        const string debian = "/usr/lib/postgresql";
        if (Directory.Exists(debian))
            folders.AddRange(Directory.EnumerateDirectories(debian).Select(major => System.IO.Path.Combine(major, "bin")));
        folders.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return folders;
    }

    static async Task<ClientProgram?> FindVersionAsync(string path, CancellationToken ct)
    {
        var file = (path, File.GetLastWriteTimeUtc(path));
        if (!_known.TryGetValue(file, out var known))
            _known[file] = known = await AskVersionAsync(path, ct);
        return known;
    }

    // Null for what does not run or is not pg_dump.
    static async Task<ClientProgram?> AskVersionAsync(string path, CancellationToken ct)
    {
        try
        {
            var asked = await ChildProcess.RunAsync(path, ["--version"], ChildProcess.CleanEnvironment(), ct);
            var match = VersionPattern().Match(asked.Output);
            return asked.ExitCode == 0 && match.Success
                ? new(path, match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^pg_dump \(PostgreSQL\) ((\d+)\S*)")]
    private static partial Regex VersionPattern();
}
