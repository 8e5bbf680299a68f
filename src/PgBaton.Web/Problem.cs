using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>Errors as problem details (RFC 9457), with our code, detail and hint beside the fields of the RFC.</summary>
static class Problem
{
    public const string MediaType = "application/problem+json";

    public static Task WriteAsync(HttpContext http, ErrorReport error, int status, ExitCode? exitCode = null)
    {
        var fields = JsonSerializer.SerializeToNode(error, JsonForm.Of<ErrorReport>())!.AsObject();
        var problem = new JsonObject
        {
            ["type"] = $"/api/v1/explain/{error.Code}",
            ["title"] = error.Message,
            ["status"] = status,
            ["exit_code"] = exitCode is { } code ? (int)code : null,
        };
        foreach (var (name, value) in fields)
            problem[name] = value?.DeepClone();
        return Answer.WriteAsync(http, problem, status, MediaType);
    }

    /// <summary>What an exit code is in HTTP's words.</summary>
    public static int StatusOf(string code, ExitCode exitCode) => (code, exitCode) switch
    {
        ("PB0206", _) => StatusCodes.Status404NotFound,
        ("PB0039", _) => StatusCodes.Status500InternalServerError,
        (_, ExitCode.Usage) => StatusCodes.Status400BadRequest,
        (_, ExitCode.Blocked or ExitCode.Differs or ExitCode.Stopped) => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status502BadGateway, // A server behind this one failed.
    };
}
