using System.Globalization;

namespace PgBaton.Postgres;

/// <summary>One place to connect to.</summary>
/// <param name="Name">As the string names it; what a certificate is compared with. A folder for a Unix socket.</param>
/// <param name="Address">What is connected to: <c>hostaddr</c> where the string gives one, else <paramref name="Name"/>.</param>
sealed record ConnectionHost(string Name, string Address, int Port)
{
    static readonly string[] _socketFolders = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

    public bool IsUnixSocket => Address.StartsWith('/') || Address.StartsWith('@');

    /// <summary>A password file names the default Unix socket <c>localhost</c>.</summary>
    public string NameInPasswordFile => _socketFolders.Contains(Name) ? "localhost" : Name;

    /// <exception cref="FormatException">The lists do not fit together, or something cannot be a host or a port.</exception>
    public static IReadOnlyList<ConnectionHost> List(string? hosts, string? addresses, string? ports)
    {
        var names = hosts?.Split(',') ?? [];
        var numbers = addresses?.Split(',') ?? [];
        var count = Math.Max(1, Math.Max(names.Length, numbers.Length));
        if (names.Length > 0 && numbers.Length > 0 && names.Length != numbers.Length)
            throw new FormatException("the lists of host and hostaddr are not equally long");
        var portList = ports?.Split(',') ?? [];
        if (portList.Length > 1 && portList.Length != count)
            throw new FormatException("the lists of hosts and ports are not equally long");

        return [.. Enumerable.Range(0, count).Select(i => Of(
            names.ElementAtOrDefault(i), numbers.ElementAtOrDefault(i), PortNumber(portList.Length == 1 ? portList[0] : portList.ElementAtOrDefault(i))))];
    }

    /// <summary><c>host:port</c>.</summary>
    public override string ToString() => Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]:{Port}" : $"{Name}:{Port}";

    static ConnectionHost Of(string? name, string? address, int port)
    {
        if (address is { Length: > 0 })
            return new(name is { Length: > 0 } ? Checked(name) : Checked(address), Checked(address), port);
        name = name is { Length: > 0 } ? Checked(name) : Default(port);
        return new(name, name, port);
    }

    // Anything else in a host is most likely a part of a password that was not percent-encoded.
    static string Checked(string host)
        => host.StartsWith('/') || host.StartsWith('@') || host.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '%')
            ? host
            : throw new FormatException("a host holds a character that no host has; write / ? # @ : % of a password as %2F %3F %23 %40 "
                + "%3A %25");

    // libpq is built for one folder; we look for the socket in those that are customary, then try TCP as it does where there are none.
    static string Default(int port)
        => _socketFolders.FirstOrDefault(folder => File.Exists($"{folder}/.s.PGSQL.{port}")) ?? "localhost";

    static int PortNumber(string? text)
        => string.IsNullOrWhiteSpace(text) ? 5432
            : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port
            : throw new FormatException("a port is not a number from 1 to 65535; if the password holds one of / ? # @ : % write it as "
                + "%2F %3F %23 %40 %3A %25");
}
