using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>Reads what a request brings.</summary>
static class Body
{
    /// <summary>Null after an answer that says why it cannot be read.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> form)
        where T : class, new()
    {
        if (http.Request.ContentLength is 0 || (http.Request.ContentLength is null && !http.Request.Headers.ContainsKey("Transfer-Encoding")))
            return new T();
        if (http.Request.ContentType?.Split(';')[0].Trim() is not Route.Json)
        {
            await Problem.WriteAsync(http, Refusals.NotUnderstood("its body has to be application/json"), StatusCodes.Status415UnsupportedMediaType);
            return null;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, form, http.RequestAborted) ?? new T();
        }
        catch (JsonException failure)
        {
            // The parser's own words may repeat a value.
            var where = failure.Path is { Length: > 0 } path ? $"at {path}" : "it is no JSON";
            await Problem.WriteAsync(http, Refusals.NotUnderstood($"{where}: no such field, or not a value for it"), StatusCodes.Status400BadRequest);
            return null;
        }
    }
}
