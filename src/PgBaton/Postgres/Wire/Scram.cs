using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PgBaton.Postgres.Wire;

/// <summary>
/// One exchange of SCRAM-SHA-256 (RFC 5802, RFC 7677): each side proves that it knows the password, or what was derived from it, and neither
/// shows it.
/// </summary>
sealed class Scram(string password, ScramBinding binding)
{
    /// <summary>A server that asks for more rounds of hashing would only keep us busy: this is some seconds.</summary>
    const int MostIterations = 10_000_000;

    readonly string _bare = $"n=,r={Convert.ToBase64String(RandomNumberGenerator.GetBytes(18))}"; // The user's name is in the startup message.
    byte[] _serverSignature = [];

    string Nonce => _bare["n=,r=".Length..];

    public byte[] First => Encoding.ASCII.GetBytes(binding.Header + _bare);

    /// <param name="serverFirst">The server's nonce, salt and count.</param>
    /// <exception cref="InvalidDataException">It is none that can be answered.</exception>
    public byte[] Final(byte[] serverFirst)
    {
        var text = Encoding.ASCII.GetString(serverFirst);
        var (nonce, salt, iterations) = Parse(text);
        var withoutProof = $"c={binding.Repeated},r={nonce}";
        var salted = Rfc2898DeriveBytes.Pbkdf2(password.Normalize(NormalizationForm.FormKC), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var all = Encoding.ASCII.GetBytes($"{_bare},{text},{withoutProof}");
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var clientSignature = HMACSHA256.HashData(SHA256.HashData(clientKey), all);
        var proof = clientKey.Zip(clientSignature, (key, signature) => (byte)(key ^ signature)).ToArray();
        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), all);
        return Encoding.ASCII.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>Whether the server knows the password too.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public void Verify(byte[] serverFinal)
    {
        var text = Encoding.ASCII.GetString(serverFinal);
        if (!text.StartsWith("v=", StringComparison.Ordinal) || !CryptographicOperations.FixedTimeEquals(Base64(text[2..]), _serverSignature))
            throw new InvalidDataException("the server did not prove that it knows the password");
    }

    (string Nonce, byte[] Salt, int Iterations) Parse(string serverFirst)
    {
        var fields = serverFirst.Split(',');
        if (fields is [['r', '=', .. var nonce], ['s', '=', .. var salt], ['i', '=', .. var count]]
            && nonce.StartsWith(Nonce, StringComparison.Ordinal) && nonce.Length > Nonce.Length
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) && iterations is > 0 and <= MostIterations)
        {
            return (nonce, Base64(salt), iterations);
        }

        throw new InvalidDataException("the server's part of SCRAM cannot be answered");
    }

    static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new InvalidDataException("the server's part of SCRAM is not in base 64");
        }
    }
}
