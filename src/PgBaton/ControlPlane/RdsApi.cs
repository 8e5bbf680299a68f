using System.Xml.Linq;

namespace PgBaton.ControlPlane;

/// <summary>The query API of Amazon RDS and Aurora, version 2014-10-31.</summary>
/// <param name="http">With the time-out of a request.</param>
/// <param name="address">https://rds.REGION.amazonaws.com/, or that of a test.</param>
/// <param name="signature">For that region and the service rds.</param>
/// <param name="time">What the signature is stamped with.</param>
sealed class RdsApi(HttpClient http, Uri address, AwsSignature signature, TimeProvider time)
{
    const string Form = "application/x-www-form-urlencoded; charset=utf-8";

    readonly ApiClient _client = new("Amazon RDS", http);

    /// <summary>The answer, whose elements are found by their names.</summary>
    /// <exception cref="MigrationException">PB0902, PB0903.</exception>
    public async Task<XElement> CallAsync(string action, CancellationToken ct, params IEnumerable<(string Name, string? Value)> parameters)
    {
        var pairs = new List<(string Name, string? Value)> { ("Action", action), ("Version", "2014-10-31") };
        pairs.AddRange(parameters.Where(parameter => parameter.Value is not null));
        var body = string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value!)}"));
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Form);
        foreach (var (name, value) in signature.Sign("POST", address, new Dictionary<string, string> { ["Content-Type"] = Form }, bytes, time.GetUtcNow()))
            request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendForXmlAsync(request, action, ct);
    }
}
