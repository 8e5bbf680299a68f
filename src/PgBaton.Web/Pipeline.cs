using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>What every request passes: headers, where it comes from, who it is, what it wants; whatever fails becomes a problem.</summary>
static class Pipeline
{
    public static void Build(WebApplication app, ServeOptions options, MigrationList list, ProviderDesk desk, Renderings renderings)
    {
        var door = new Door(options.Token, options.TlsCertificate is not null);
        var provenance = new Provenance(options.HostNames);
        IReadOnlyList<Route> routes = [.. new Api(list, desk, renderings).Routes(), .. desk.Routes()];
        app.Use((http, next) => GuardAsync(http, next, door, provenance));
        app.Use((http, next) => TellAsync(http, next, renderings));
        app.UseRouting();
        foreach (var route in routes)
            app.MapMethods(route.Path, [route.Method], route.RunAsync);
        var document = OpenApi.Describe(routes).ToJsonString();
        app.MapMethods(OpenApi.Path, ["GET"], (RequestDelegate)(http => Answer.TextAsync(http, document, Route.Json)));
        foreach (var (path, serve) in Assets.All())
            app.MapMethods(path, ["GET"], serve);
        app.MapMethods("/metrics", ["GET"], Metrics.Of(list));
        app.MapMethods("/readyz", ["GET"], Metrics.Ready(list));
        app.MapMethods("/healthz", ["GET"], (RequestDelegate)(http => Answer.TextAsync(http, "ok\n", "text/plain")));
        app.UseEndpoints(_ => { });
        app.Run(http => IsPerson(http.Request)
            ? Answer.TextAsync(http, Assets.Nowhere, "text/html", StatusCodes.Status404NotFound)
            : Problem.WriteAsync(http, Refusals.NotFound("such page"), StatusCodes.Status404NotFound));
    }

    static async Task GuardAsync(HttpContext http, RequestDelegate next, Door door, Provenance provenance)
    {
        Protect(http.Response.Headers);
        if (provenance.Objection(http.Request) is { } objection)
            await Problem.WriteAsync(http, Refusals.Foreign(objection), StatusCodes.Status403Forbidden);
        else if (http.Request.Path.Value is "/healthz" or "/readyz")
            await next(http); // Say nothing but yes or no.
        else if (http.Request.Path == "/" && http.Request.Query["token"].ToString() is { Length: > 0 } presented && door.TryEnter(http, presented))
            return;
        else if (door.Knows(http))
            await next(http);
        else
            await RefuseAsync(http);
    }

    static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer"; // The token stands in the first URL.
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        if (IsPerson(http.Request))
            return Answer.TextAsync(http, http.Request.Path == "/" && http.Request.Query.ContainsKey("token") ? Assets.WrongDoor : Assets.Door, "text/html", StatusCodes.Status401Unauthorized);
        return Problem.WriteAsync(http, Refusals.NoToken(), StatusCodes.Status401Unauthorized);
    }

    // Typed into a browser, or followed as a link.
    static bool IsPerson(HttpRequest request)
        => HttpMethods.IsGet(request.Method) && !request.Path.StartsWithSegments("/api") && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    static async Task TellAsync(HttpContext http, RequestDelegate next, Renderings renderings)
    {
        try
        {
            await next(http);
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            if (failure is BadHttpRequestException refused)
            {
                await Problem.WriteAsync(http, Refusals.NotUnderstood(refused.Message), refused.StatusCode);
                return;
            }

            var error = renderings.ErrorOf(failure);
            await Problem.WriteAsync(http, ErrorReport.Of(error)!.WithoutPasswords(), Problem.StatusOf(error.Code, error.ExitCode), error.ExitCode);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
    }
}
