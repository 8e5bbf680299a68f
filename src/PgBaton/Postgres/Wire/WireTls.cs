using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace PgBaton.Postgres.Wire;

/// <summary>TLS under the same rules as the driver's, which <see cref="ConnectionSecurity"/> has made libpq's.</summary>
static class WireTls
{
    static readonly SslApplicationProtocol _postgresql = new("postgresql"); // Of ALPN; a server asks for it where TLS comes without a request.

    /// <exception cref="NpgsqlException">The handshake failed; for what reason is inside.</exception>
    public static async Task<SslStream> SecureAsync(Stream stream, NpgsqlConnectionStringBuilder settings, SslMode mode, CancellationToken ct)
    {
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(Options(settings, mode), ct);
            return tls;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await tls.DisposeAsync();
            throw new NpgsqlException($"the SSL handshake failed: {failure.Message}", failure);
        }
    }

    static SslClientAuthenticationOptions Options(NpgsqlConnectionStringBuilder settings, SslMode mode)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = settings.Host,
            ApplicationProtocols = [_postgresql],
            ClientCertificateContext = ClientCertificate(settings),
        };
        if (mode < SslMode.VerifyCA)
        {
            options.CertificateChainPolicy = ConnectionSecurity.TrustsNobody();
#pragma warning disable CA5359 // Nobody asked who the server is.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
            return options;
        }

        options.CertificateChainPolicy = Roots(settings.RootCertificate);
        if (mode == SslMode.VerifyCA)
            options.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        return options;
    }

    // Without a file, those of the system.
    static X509ChainPolicy Roots(string? file)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (file is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.ImportFromPemFile(file);
        if (policy.CustomTrustStore.Count == 0)
            policy.CustomTrustStore.Add(X509CertificateLoader.LoadPkcs12FromFile(file, password: null));
        return policy;
    }

    // Where none is named, that of libpq's own place. The first in the file is ours, the others lead from it to a root.
    static SslStreamCertificateContext? ClientCertificate(NpgsqlConnectionStringBuilder settings)
    {
        if ((settings.SslCertificate ?? OwnFile("postgresql.crt")) is not { } file)
            return null;
        var chain = new X509Certificate2Collection();
        if (string.Equals(Path.GetExtension(file), ".pfx", StringComparison.OrdinalIgnoreCase))
        {
            chain.AddRange(X509CertificateLoader.LoadPkcs12CollectionFromFile(file, settings.SslPassword));
        }
        else
        {
            chain.ImportFromPemFile(file);
            chain[0] = WithKey(file, settings.SslKey ?? OwnFile("postgresql.key"), settings.SslPassword);
        }

        return SslStreamCertificateContext.Create(chain[0], [.. chain.Skip(1)]);
    }

    static X509Certificate2 WithKey(string file, string? key, string? password)
    {
        var certificate = string.IsNullOrEmpty(password) ? X509Certificate2.CreateFromPemFile(file, key) : X509Certificate2.CreateFromEncryptedPemFile(file, password, key);
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate) // Its TLS does not take a key that was never stored.
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    static string? OwnFile(string name)
        => ConnectionEnvironment.OfProcess.HomeFile($".postgresql/{name}", name) is { } file && File.Exists(file) ? file : null;
}
