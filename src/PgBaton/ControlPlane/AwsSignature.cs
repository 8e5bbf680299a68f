using System.Security.Cryptography;
using System.Text;

namespace PgBaton.ControlPlane;

/// <summary>Signature version 4 of AWS: proves who sends a request, and that it arrives as it was sent.</summary>
/// <param name="credentials">Whose request it is.</param>
/// <param name="region">As in the host, <c>eu-west-1</c>.</param>
/// <param name="service">As in the host, <c>rds</c>.</param>
sealed class AwsSignature(AwsCredentials credentials, string region, string service)
{
    /// <summary>The headers to add: <c>Authorization</c>, <c>X-Amz-Date</c> and, for credentials that expire, <c>X-Amz-Security-Token</c>.</summary>
    /// <param name="method">In capitals.</param>
    /// <param name="uri">Host, path and query are signed.</param>
    /// <param name="headers">To be signed beside <c>Host</c>.</param>
    /// <param name="body">Empty for none.</param>
    /// <param name="at">AWS refuses what is more than five minutes off.</param>
    public IReadOnlyDictionary<string, string> Sign(
        string method, Uri uri, IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        var stamp = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", provider: null);
        var added = new Dictionary<string, string> { ["X-Amz-Date"] = stamp };
        if (credentials.SessionToken is { } token)
            added["X-Amz-Security-Token"] = token;
        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = uri.IsDefaultPort ? uri.Host : uri.Authority };
        foreach (var (name, value) in headers.Concat(added))
            signed[name.ToLowerInvariant()] = string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        var names = string.Join(';', signed.Keys);
        var request = string.Join(
            '\n', method, Path(uri), Query(uri), string.Concat(signed.Select(header => $"{header.Key}:{header.Value}\n")), names, Hex(SHA256.HashData(body)));
        var scope = $"{stamp[..8]}/{region}/{service}/aws4_request";
        var text = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        added["Authorization"] = $"AWS4-HMAC-SHA256 Credential={credentials.KeyId}/{scope}, SignedHeaders={names}, Signature={Hex(Hmac(Key(stamp[..8]), text))}";
        return added;
    }

    byte[] Key(string day)
        => Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes($"AWS4{credentials.Secret}"), day), region), service), "aws4_request");

    static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    static string Path(Uri uri) => string.Join('/', uri.AbsolutePath.Split('/').Select(part => Uri.EscapeDataString(Uri.UnescapeDataString(part))));

    static string Query(Uri uri)
        => string.Join('&', uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2).Select(Uri.UnescapeDataString).Select(Uri.EscapeDataString).ToArray())
            .Select(pair => (Name: pair[0], Value: pair.ElementAtOrDefault(1) ?? ""))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));
}
