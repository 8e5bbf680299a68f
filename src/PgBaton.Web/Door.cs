using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>
/// Who is let in: by the token, as a bearer's or once in the URL, for which a cookie is given that no script can read and no other site can send.
/// </summary>
sealed class Door(string token, bool isSecure)
{
    readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    // Of the token, so that a process that is started again with the same one still knows its visitors; it does not tell the token.
    readonly byte[] _cookie = Encoding.ASCII.GetBytes(
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "pgbaton cookie"u8)));

    /// <summary>Gives the cookie and leads to the page without the token in its address. False: it is the wrong one.</summary>
    public bool TryEnter(HttpContext http, string presented)
    {
        if (!IsToken(presented))
            return false;
        http.Response.Cookies.Append(CookieName(http), Encoding.ASCII.GetString(_cookie), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = isSecure, Path = "/", IsEssential = true,
        });
        http.Response.Redirect("/");
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        return true;
    }

    public bool Knows(HttpContext http)
    {
        if (http.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
            return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && IsToken(authorization[7..].Trim());
        return http.Request.Cookies.TryGetValue(CookieName(http), out var cookie)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie), _cookie);
    }

    bool IsToken(string presented) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented), _token);

    // Cookies know no ports: two of these processes on one machine would take each other's.
    static string CookieName(HttpContext http) => $"pgbaton_{http.Connection.LocalPort}";
}

/// <summary>From where a request may come: the name it was sent to, and the page that sent it.</summary>
sealed class Provenance(IReadOnlyList<string> hostNames)
{
    /// <summary>Null if nothing speaks against it.</summary>
    public string? Objection(HttpRequest request)
    {
        if (!IsOurs(request.Host.Host))
            return "the request is for another host"; // A name of somebody else's that was made to point here.
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsSame(origin, request))
            return "the request comes from another origin";
        return IsPage(request) || request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? null : "the request comes from another site";
    }

    // An address cannot be made to point elsewhere.
    bool IsOurs(string host)
        => IPAddress.TryParse(host.Trim('[', ']'), out _)
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || hostNames.Contains(host, StringComparer.OrdinalIgnoreCase);

    static bool IsSame(string origin, HttpRequest request)
        => Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Scheme == request.Scheme
            && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var here) && from.Authority == here.Authority;

    // Somebody may follow a link to the page: it shows nothing without the cookie.
    static bool IsPage(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Path == "/";
}
