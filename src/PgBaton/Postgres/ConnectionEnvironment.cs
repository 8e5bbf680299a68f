namespace PgBaton.Postgres;

/// <summary>Where a process looks for what a connection string leaves out. Tests give their own.</summary>
/// <param name="Variable">An environment variable; null or empty where it is not set.</param>
/// <param name="Home">The user's home folder (<c>%APPDATA%</c> on Windows); null where there is none.</param>
/// <param name="User">The operating system's user: libpq's default for <c>user</c>.</param>
sealed record ConnectionEnvironment(Func<string, string?> Variable, string? Home, string User)
{
    public static ConnectionEnvironment OfProcess { get; } = new(
        Environment.GetEnvironmentVariable,
        Environment.GetEnvironmentVariable(OperatingSystem.IsWindows() ? "APPDATA" : "HOME"),
        Environment.UserName);

    /// <summary>The variable's value; null where it is empty too.</summary>
    public string? Get(string? variable)
        => variable is not null && Variable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>A file of libpq's in the home folder: <c>.pgpass</c>, or <c>postgresql\pgpass.conf</c> on Windows.</summary>
    public string? HomeFile(string unix, string windows)
        => Home is null ? null : OperatingSystem.IsWindows() ? Path.Combine(Home, "postgresql", windows) : Path.Combine(Home, unix);
}
