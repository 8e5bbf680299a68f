using System.Globalization;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// How a client program of PostgreSQL reaches a server of ours: everything goes through the environment, nothing through arguments, which
/// others can see; the password through a passfile that only we can read.
/// </summary>
static class LibpqEnvironment
{
    // Where distributions keep the certificate authorities they trust; needed for libpq before 16, which cannot be told "the system's".
    static readonly string[] _systemRoots =
        ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

    /// <param name="server">The session settings of its connections come along.</param>
    /// <param name="client">Which libpq will read it.</param>
    /// <param name="folder">Private and temporary; the passfile is written there.</param>
    /// <param name="step">Shows in pg_stat_activity as <c>pgbaton/step</c>.</param>
    /// <param name="ct">Stops the writing of the passfile.</param>
    public static async Task<Dictionary<string, string>> CreateAsync(
        Server server, ClientProgram client, string folder, string step, CancellationToken ct)
    {
        var settings = server.Settings;
        var environment = ChildProcess.CleanEnvironment();
        environment["LC_ALL"] = "C";
        environment["PGHOST"] = settings.Host!;
        environment["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture);
        environment["PGDATABASE"] = settings.Database!;
        environment["PGUSER"] = settings.Username!;
        environment["PGAPPNAME"] = $"pgbaton/{step}";
        environment["PGCONNECT_TIMEOUT"] = Math.Max(settings.Timeout, 2).ToString(CultureInfo.InvariantCulture);
        if (settings.Options is { Length: > 0 } options)
            environment["PGOPTIONS"] = options;
        if (settings.KerberosServiceName is { Length: > 0 } kerberos)
            environment["PGKRBSRVNAME"] = kerberos;
        AddEncryption(environment, settings, client);

        var passfile = Path.Combine(folder, "passfile");
        await WritePassfileAsync(passfile, settings.Password ?? "", ct);
        environment["PGPASSFILE"] = settings.Password is null && settings.Passfile is { Length: > 0 } given ? given : passfile;
        return environment;
    }

    static void AddEncryption(Dictionary<string, string> environment, NpgsqlConnectionStringBuilder settings, ClientProgram client)
    {
        environment["PGSSLMODE"] = settings.SslMode switch
        {
            SslMode.Disable => "disable",
            SslMode.Allow => "allow",
            SslMode.Require => "require",
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            _ => "prefer",
        };
        environment["PGCHANNELBINDING"] = settings.ChannelBinding switch
        {
            ChannelBinding.Disable => "disable",
            ChannelBinding.Require => "require",
            _ => "prefer",
        };
        if (RootCertificates(settings, client) is { } roots)
            environment["PGSSLROOTCERT"] = roots;
        if (settings.SslCertificate is { Length: > 0 } certificate)
            environment["PGSSLCERT"] = certificate;
        if (settings.SslKey is { Length: > 0 } key)
            environment["PGSSLKEY"] = key;
        if (settings.SslNegotiation == SslNegotiation.Direct && client.Major >= 17)
            environment["PGSSLNEGOTIATION"] = "direct";
    }

    // Npgsql trusts the system's authorities where none are named; libpq has to be told.
    static string? RootCertificates(NpgsqlConnectionStringBuilder settings, ClientProgram client)
    {
        if (settings.RootCertificate is { Length: > 0 } named)
            return named;
        if (settings.SslMode == SslMode.VerifyFull && client.Major >= 16)
            return "system";
        return settings.SslMode is SslMode.VerifyCA or SslMode.VerifyFull ? Array.Find(_systemRoots, File.Exists) : null;
    }

    static async Task WritePassfileAsync(string path, string password, CancellationToken ct)
    {
        if (password.AsSpan().ContainsAny('\r', '\n'))
            throw Errors.PasswordNotForPassfile();
        var escaped = password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync($"*:*:*:*:{escaped}\n".AsMemory(), ct);
    }
}
