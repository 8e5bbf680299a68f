namespace PgBaton.Cli.Demo.Servers;

/// <summary>One installed PostgreSQL: where its server programs are.</summary>
/// <param name="Major">15 … 18.</param>
/// <param name="Bin">The folder of initdb, pg_ctl and postgres.</param>
sealed record PostgresHome(int Major, string Bin)
{
    /// <summary>
    /// Every major that is installed, oldest first: under <c>PGBATON_POSTGRES</c>, else where the build script puts them, else where Debian does.
    /// </summary>
    public static IReadOnlyList<PostgresHome> FindAll()
        => [.. new[] { Root, "/usr/lib/postgresql" }
            .SelectMany(In)
            .DistinctBy(home => home.Major)
            .OrderBy(home => home.Major)];

    /// <exception cref="MigrationException">PB0050.</exception>
    public static PostgresHome Find(int major)
        => FindAll().SingleOrDefault(home => home.Major == major)
            ?? throw Errors.NoServerPrograms(major, Root, [.. FindAll().Select(home => home.Major)]);

    /// <summary>The folder of psql, pg_dump and pg_restore that the build script made; null where there is none.</summary>
    public static string? ClientBin => Path.Combine(Root, "client", "bin") is var bin && File.Exists(Path.Combine(bin, "pg_dump")) ? bin : null;

    public string Program(string name) => Path.Combine(Bin, name);

    // Root's servers run as the user postgres, who cannot look into /root.
    static string Root => Environment.GetEnvironmentVariable("PGBATON_POSTGRES")
        ?? (Environment.IsPrivilegedProcess
            ? "/var/cache/pgbaton/postgres"
            : Path.Combine(
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/", ".cache"),
                "pgbaton", "postgres"));

    static IEnumerable<PostgresHome> In(string root)
        => from folder in Directory.Exists(root) ? Directory.GetDirectories(root) : []
           let bin = Path.Combine(folder, "bin")
           where int.TryParse(Path.GetFileName(folder), out _) && File.Exists(Path.Combine(bin, "postgres")) && File.Exists(Path.Combine(bin, "initdb"))
           select new PostgresHome(int.Parse(Path.GetFileName(folder), provider: null), bin);
}
