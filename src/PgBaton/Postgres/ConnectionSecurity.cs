using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace PgBaton.Postgres;

/// <summary>How the connection is encrypted and who proves what to whom, where Npgsql's rules are not libpq's.</summary>
/// <param name="Get">A parameter of the connection string; null where it is not given.</param>
/// <param name="Environment">For libpq's own files in the home folder.</param>
/// <param name="Host">The rules are others for a Unix socket.</param>
sealed record ConnectionSecurity(Func<string, string?> Get, ConnectionEnvironment Environment, ConnectionHost Host)
{
    static readonly string[] _systemBundles =
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    static ConnectionSecurity() => PrintedValueResolver.TeachDriver();

    /// <exception cref="FormatException">A value that libpq does not know, or a combination it refuses.</exception>
    public void Apply(NpgsqlConnectionStringBuilder settings)
    {
        settings.SslMode = Mode();
        ApplyRoots(settings);
        settings.SslNegotiation = Choice(
            "sslnegotiation", "postgres", ("postgres", SslNegotiation.Postgres), ("direct", SslNegotiation.Direct));
        if (settings.SslNegotiation == SslNegotiation.Direct && settings.SslMode < SslMode.Require)
            throw new FormatException("sslnegotiation=direct needs sslmode=require or stronger");
        settings.ChannelBinding = Choice(
            "channel_binding", "prefer", ("prefer", ChannelBinding.Prefer), ("require", ChannelBinding.Require), ("disable", ChannelBinding.Disable));
        // libpq prefers GSS. Where no Kerberos library is installed, the runtime would complain on the terminal.
        settings.GssEncryptionMode = Choice(
            "gssencmode", "disable", ("disable", GssEncryptionMode.Disable), ("prefer", GssEncryptionMode.Prefer), ("require", GssEncryptionMode.Require));
        (settings.SslCertificate, settings.SslKey, settings.SslPassword) = (Existing("sslcert"), Existing("sslkey"), Get("sslpassword"));
        if (Get("krbsrvname") is { } service)
            settings.KerberosServiceName = service;
        if (Get("require_auth") is { } methods)
            settings.RequireAuth = Methods(methods);
        else if (settings.ChannelBinding == ChannelBinding.Require)
            settings.RequireAuth = "ScramSHA256"; // As in libpq: a server that asks for no proof, or another one, has bound nothing.
        if (settings.SslMode == SslMode.VerifyFull && Host.Address != Host.Name)
            throw new FormatException("hostaddr beside host is not supported with sslmode=verify-full; leave hostaddr out");
    }

    /// <summary>
    /// A connection, not opened yet. Where nobody asks who the server is, the chain of its certificate is not completed from the network.
    /// </summary>
    public static NpgsqlConnection Connect(NpgsqlConnectionStringBuilder settings)
    {
#pragma warning disable CS0618 // A data source, which could say it otherwise, would have to live as long as its only connection.
        // Types that a database has beside PostgreSQL's own are text to us; to ask for them takes longer than to connect.
        settings.ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading;
#pragma warning restore CS0618
        var connection = new NpgsqlConnection(settings.ConnectionString);
        if (settings.SslMode is SslMode.Allow or SslMode.Prefer or SslMode.Require)
            connection.SslClientAuthenticationOptionsCallback = options => options.CertificateChainPolicy = TrustsNobody();
        return connection;
    }

    internal static X509ChainPolicy TrustsNobody() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
    };

    SslMode Mode()
    {
        var mode = Choice(
            "sslmode", Get("sslrootcert") == "system" ? "verify-full" : "prefer",
            ("disable", SslMode.Disable), ("allow", SslMode.Allow), ("prefer", SslMode.Prefer), ("require", SslMode.Require),
            ("verify-ca", SslMode.VerifyCA), ("verify-full", SslMode.VerifyFull));
        if (Get("sslrootcert") == "system" && mode != SslMode.VerifyFull)
            throw new FormatException("sslrootcert=system needs sslmode=verify-full");
        return Host.IsUnixSocket ? SslMode.Disable : mode; // libpq ignores it there.
    }

    void ApplyRoots(NpgsqlConnectionStringBuilder settings)
    {
        var roots = Get("sslrootcert") is { } given && given != "system" ? given : null;
        var own = Environment.HomeFile(".postgresql/root.crt", "root.crt");
        if (roots is null && Get("sslrootcert") is null && own is not null && File.Exists(own))
            roots = own;
        if (roots is not null && !File.Exists(roots) && settings.SslMode >= SslMode.VerifyCA)
            throw new FormatException($"root certificate file {roots} does not exist");
        if (roots is not null && !File.Exists(roots))
            roots = null;

        // In libpq, require is verify-ca where there is a root certificate; Npgsql would not look at it.
        if (settings.SslMode == SslMode.Require && roots is not null)
            settings.SslMode = SslMode.VerifyCA;
        if (settings.SslMode == SslMode.VerifyCA && roots is null)
            throw new FormatException("sslmode=verify-ca needs a root certificate: give sslrootcert, or sslmode=verify-full with "
                + "sslrootcert=system");
        // verify-full without any root certificate: libpq refuses, we take the system's, which is no weaker. Named, lest Npgsql look elsewhere.
        if (settings.SslMode == SslMode.VerifyFull)
            roots ??= Array.Find(_systemBundles, File.Exists);
        if (settings.SslMode >= SslMode.VerifyCA)
            settings.RootCertificate = roots;
    }

    string? Existing(string name)
        => Get(name) is not { } file || Host.IsUnixSocket ? null
            : File.Exists(file) ? file
            : name == "sslcert" ? null // As in libpq: no client certificate is sent.
            : throw new FormatException($"the file that {name} names does not exist");

    // libpq's names of methods are not Npgsql's.
    static string Methods(string list) => string.Join(',', list.Split(',').Select(item =>
    {
        var name = item.Trim();
        var not = name.StartsWith('!') ? "!" : "";
        return not + name[not.Length..] switch
        {
            "password" => "Password",
            "md5" => "MD5",
            "gss" => "GSS",
            "sspi" => "SSPI",
            "scram-sha-256" => "ScramSHA256",
            "none" => "None",
            _ => throw new FormatException("require_auth names a method that is not one of password, md5, gss, sspi, scram-sha-256, none"),
        };
    }));

    T Choice<T>(string name, string otherwise, params (string Name, T Value)[] choices)
    {
        var text = Get(name) ?? otherwise;
        foreach (var choice in choices)
        {
            if (choice.Name == text)
                return choice.Value;
        }

        throw new FormatException($"{name} is none of {string.Join(", ", choices.Select(choice => choice.Name))}");
    }
}
