using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PgBaton.Preflight;

/// <summary>A pg_dump older than the source cannot read it.</summary>
sealed partial class DumpProgram() : Check("PB1085", "target", "Is there a pg_dump that can read the source?", "pg_dump can read the source")
{
    public override bool OnlyBefore => true;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.ExistingSchema)
            return [Fine("pg_dump is not needed (--existing-schema)")];
        const string fix = "apt-get install postgresql-client-…  -- of the source's major version or newer; or name its folder with --pg-bin";
        var found = new List<(string Path, int Major)>();
        foreach (var path in Candidates(servers.Options).Where(File.Exists).Distinct(StringComparer.Ordinal))
        {
            if (await MajorAsync(path, ct) is { } major)
                found.Add((path, major));
        }

        if (found.Count == 0)
            return [Blocker("pg_dump was not found", "It is one of PostgreSQL's client programs, and makes the schema on the target.", fix, "pg_dump")];
        var newest = found.MaxBy(program => program.Major);
        return newest.Major >= servers.Source.Version.Major
            ? [Fine($"pg_dump {newest.Major} can read the source", newest.Path)]
            : [Blocker($"pg_dump {newest.Major} is older than the source's PostgreSQL {servers.Source.Version}", $"{newest.Path} is the newest that was found.", fix, newest.Path)];
    }

    static IEnumerable<string> Candidates(MigrationOptions options)
    {
        var file = OperatingSystem.IsWindows() ? "pg_dump.exe" : "pg_dump";
        if (options.PgBin is { } given)
            return [Path.Combine(given, file)];
        List<string> folders = [];
        if (Environment.GetEnvironmentVariable("PGBATON_POSTGRES") is { Length: > 0 } own)
            folders.Add(Path.Combine(own, "client", "bin"));
        const string debian = "/usr/lib/postgresql";
        if (Directory.Exists(debian))
            folders.AddRange(Directory.EnumerateDirectories(debian).Select(major => Path.Combine(major, "bin")));
        folders.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return folders.Select(folder => Path.Combine(folder, file));
    }

    // Null for what does not run, or is something else.
    static async Task<int?> MajorAsync(string path, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            var match = VersionPattern().Match(output);
            return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^pg_dump \(PostgreSQL\) (\d+)")]
    private static partial Regex VersionPattern();
}
