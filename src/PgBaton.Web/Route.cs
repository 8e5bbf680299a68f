using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>One line of the API: it is served from this, and documented from this.</summary>
/// <param name="Method">GET, POST, DELETE.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Summary">For the document.</param>
/// <param name="Takes">Name of the schema of its body; null for none.</param>
/// <param name="Gives">Media type of what comes back.</param>
/// <param name="RunAsync">What it does.</param>
sealed record Route(string Method, string Path, string Summary, string? Takes, string Gives, RequestDelegate RunAsync)
{
    public const string Json = "application/json";
}
