using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgBaton.Tests.Postgres;

/// <summary>Authorities and what they have signed, as files that a server and libpq read.</summary>
sealed class CertificateFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgbaton-tls-");

    public CertificateFolder()
    {
        using var root = Authority("right", out _);
        using var other = Authority("other", out _);
        Sign(root, "server", "localhost", dns: "localhost");
        Sign(root, "client", "by_certificate", dns: null);
        foreach (var (name, hash, isPss) in new (string, HashAlgorithmName, bool)[]
                 {
                     ("rsa256", HashAlgorithmName.SHA256, false), ("rsa512", HashAlgorithmName.SHA512, false), ("pss256", HashAlgorithmName.SHA256, true), ("pss384", HashAlgorithmName.SHA384, true),
                 })
            SelfSigned(name, hash, isPss);
    }

    public string Of(string file) => Path.Combine(_folder.FullName, file);

    /// <summary>The key of a server belongs to the user that it runs as.</summary>
    public Task GiveAsync(string key)
        => Environment.UserName == "root" ? OwnServer.RunAsync("sh", "-c", $"chmod 755 '{_folder.FullName}' && chown postgres '{Of(key)}'") : Task.CompletedTask;

    public void Dispose() => _folder.Delete(recursive: true);

    X509Certificate2 Authority(string name, out ECDsa key)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name} root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(80));
        File.WriteAllText(Of($"{name}.pem"), root.ExportCertificatePem());
        return root;
    }

    void Sign(X509Certificate2 authority, string name, string subject, string? dns)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA384);
        if (dns is not null)
            request.CertificateExtensions.Add(Names(dns));
        using var signed = request.Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authority.GetECDsaPrivateKey()!), authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Of($"{name}.pem"), signed.ExportCertificatePem());
        WriteKey($"{name}.key", key.ExportPkcs8PrivateKeyPem());
        WriteKey($"{name}.locked.key", key.ExportEncryptedPkcs8PrivateKeyPem("s3cret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
    }

    void SelfSigned(string name, HashAlgorithmName hash, bool isPss)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, hash, isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(Names("localhost"));
        using var own = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(80));
        File.WriteAllText(Of($"{name}.pem"), own.ExportCertificatePem());
        WriteKey($"{name}.key", key.ExportPkcs8PrivateKeyPem());
    }

    void WriteKey(string name, string pem)
    {
        File.WriteAllText(Of(name), pem);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Of(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    static X509Extension Names(string dns)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dns);
        return names.Build();
    }
}
