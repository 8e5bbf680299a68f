using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>Writes what a route returns.</summary>
static class Answer
{
    public static Task WriteAsync(HttpContext http, JsonNode body, int status = StatusCodes.Status200OK, string mediaType = "application/json")
        => TextAsync(http, body.ToJsonString(), mediaType, status);

    public static Task TextAsync(HttpContext http, string body, string mediaType, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = $"{mediaType}; charset=utf-8";
        return http.Response.WriteAsync(body, http.RequestAborted);
    }
}
