using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PgBaton.Postgres.Wire;

/// <summary>How SCRAM's proof is tied to the connection it is given over (RFC 5802 and, of tls-server-end-point, RFC 5929).</summary>
/// <param name="Mechanism">SASL's name of it.</param>
/// <param name="Header">GS2 header: what we can do, and what we do.</param>
/// <param name="Data">What must be the same on both ends: the hash of the server's certificate; empty without binding.</param>
sealed record ScramBinding(string Mechanism, string Header, byte[] Data)
{
    public const string Plain = "SCRAM-SHA-256", Plus = "SCRAM-SHA-256-PLUS";

    /// <summary>We cannot, or are told not to.</summary>
    public static ScramBinding None { get; } = new(Plain, "n,,", []);

    /// <summary>We could; the server, as we hear it, cannot.</summary>
    public static ScramBinding NotOffered { get; } = new(Plain, "y,,", []);

    /// <summary>Null for a certificate whose signature has no hash of its own, such as Ed25519: there the standard says nothing.</summary>
    public static ScramBinding? To(X509Certificate2 certificate)
        => HashOf(certificate) is { } hash ? new(Plus, "p=tls-server-end-point,,", CryptographicOperations.HashData(hash, certificate.RawDataMemory.Span)) : null;

    /// <summary>What the client's last message repeats.</summary>
    public string Repeated => Convert.ToBase64String([.. Encoding.ASCII.GetBytes(Header), .. Data]);

    // The signature's own, but never less than SHA-256.
    static HashAlgorithmName? HashOf(X509Certificate2 certificate)
    {
        var signature = SignatureOf(certificate.RawDataMemory, out var parameters);
        return HashOf(signature == "1.2.840.113549.1.1.10" ? PssHash(parameters) : signature);
    }

    static HashAlgorithmName? HashOf(string oid) => oid switch
    {
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" or "1.3.14.3.2.26" => HashAlgorithmName.SHA256, // MD5, SHA-1
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" or "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" or "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" or "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
        _ => null,
    };

    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm { algorithm, parameters }, signature }
    static string SignatureOf(ReadOnlyMemory<byte> certificate, out ReadOnlyMemory<byte> parameters)
    {
        var fields = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        fields.ReadEncodedValue();
        var algorithm = fields.ReadSequence();
        var name = algorithm.ReadObjectIdentifier();
        parameters = algorithm.HasData ? algorithm.ReadEncodedValue() : default;
        return name;
    }

    // RSASSA-PSS-params ::= SEQUENCE { [0] hashAlgorithm DEFAULT sha1, … }
    static string PssHash(ReadOnlyMemory<byte> parameters)
    {
        var first = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var fields = new AsnReader(parameters, AsnEncodingRules.DER).ReadSequence();
        return fields.HasData && fields.PeekTag() == first ? fields.ReadSequence(first).ReadSequence().ReadObjectIdentifier() : "1.3.14.3.2.26";
    }
}
