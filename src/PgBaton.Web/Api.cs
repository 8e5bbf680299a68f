using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>The routes of the API, each a few lines around the library.</summary>
sealed class Api(MigrationList list, ProviderDesk desk, Renderings renderings)
{
    static readonly string[] _words =
        ["verify", "cutover", "rollback", "cancel", "pause", "resume", "drift", "tables", "via", "finish", "abort"];
    static readonly string[] _confirmed = ["cutover", "rollback", "finish", "abort"];

    public IReadOnlyList<Route> Routes() =>
    [
        new("GET", "/api/v1/steps", "The table of steps.", null, Route.Json, StepsAsync),
        new("GET", "/api/v1/explain/{code}", "The page of an error or a finding, as Markdown.", null, "text/markdown", ExplainAsync),
        new("GET", "/api/v1/concepts", "The words of pgbaton and how it works, as Markdown.", null, "text/markdown", ConceptsAsync),
        new("POST", "/api/v1/check", "Ask both servers every preflight question; change nothing.", "MigrationRequest", Route.Json, CheckAsync),
        new("POST", "/api/v1/plan", "What a migration will take, and the way by hand; changes nothing.", "MigrationRequest", Route.Json, PlanAsync),
        new("GET", "/api/v1/migrations", "The migrations that this process knows.", null, Route.Json, ListAsync),
        new("POST", "/api/v1/migrations",
            "List a migration: its connection strings are kept in memory. With \"migration\", what is not given stays as it is there. Changes nothing on the servers.", "MigrationRequest", Route.Json, AddAsync),
        new("GET", "/api/v1/migrations/{id}", "Where a migration is.", null, Route.Json, OneAsync),
        new("DELETE", "/api/v1/migrations/{id}",
            "List it no longer; what this process runs of it stops, and nothing is undone.", null, Route.Json, RemoveAsync),
        new("PUT", "/api/v1/migrations/{id}/scope",
            "Choose what to move and how, before it begins; all fields anew.", "MigrationRequest", Route.Json, ScopeAsync),
        new("POST", "/api/v1/migrations/{id}/plan",
            "What it will take by what is chosen now, as POST /plan; kept as long as nothing else is chosen (\"planned_at\").", null, Route.Json, PlanOneAsync),
        new("GET", "/api/v1/migrations/{id}/plan", "What was last told that it takes.", null, Route.Json, PlannedAsync),
        new("PUT", "/api/v1/migrations/{id}/pace",
            "How many connections to each side copy, with what this process runs: parts on their way begin again.", "PaceRequest", Route.Json, PaceAsync),
        new("POST", "/api/v1/migrations/{id}/run", "Become the engine: begin, or go on where the journal says.", null, Route.Json, RunAsync),
        new("GET", "/api/v1/migrations/{id}/events",
            "What happens, as server-sent events: \"view\" (as GET of the migration) and \"happened\" (from the journal, its seq as id).",
            null, "text/event-stream", EventStream.Of(list, renderings)),
        new("GET", "/api/v1/migrations/{id}/report",
            "What the journal knows of the whole migration; with ?format=html as one page, with ?of=NUMBER that of an earlier one, by its place in \"reports\".", null, Route.Json, ReportAsync),
        new("GET", "/api/v1/migrations/{id}/lag",
            "How far the other side was behind, over time: the report's drawing as figures (\"plot\"), ?width=PIXELS wide; null where there is no line yet.", null, Route.Json, LagAsync),
        new("POST", "/api/v1/migrations/{id}/words/{word}",
            $"Say {string.Join(", ", _words)}. Answers at once, or with \"wait\" when it is carried out.",
            "WordRequest", Route.Json, SayAsync),
        new("GET", "/api/v1/migrations/{id}/words/{number}", "What came of a word.", null, Route.Json, WordAsync),
    ];

    static Task StepsAsync(HttpContext http) => Answer.WriteAsync(http, new JsonArray(
        [.. Migration.Outline.Select(step => (JsonNode)new JsonObject { ["name"] = step.Name, ["summary"] = step.Summary })]));

    static Task ConceptsAsync(HttpContext http) => DocumentAsync(http, "concepts");

    static Task ExplainAsync(HttpContext http)
    {
        var code = $"{http.Request.RouteValues["code"]}".ToUpperInvariant();
        return DocumentAsync(http, code.StartsWith("PB", StringComparison.Ordinal) ? code : "");
    }

    static async Task DocumentAsync(HttpContext http, string name)
    {
        await using var page = typeof(Migration).Assembly.GetManifestResourceStream($"{name}.md");
        if (page is null)
        {
            await Problem.WriteAsync(http, Refusals.NotFound("page about that code"), StatusCodes.Status404NotFound);
            return;
        }

        using var reader = new StreamReader(page);
        await Answer.TextAsync(http, await reader.ReadToEndAsync(http.RequestAborted), "text/markdown");
    }

    Task CheckAsync(HttpContext http) => WithOptionsAsync(http, async options =>
    {
        var report = await Migration.CheckAsync(options, http.RequestAborted);
        await Answer.WriteAsync(http, new JsonObject
        {
            ["exit_code"] = (int)report.ExitCode,
            ["findings"] = new JsonArray([.. report.Findings.Select(finding => JsonSerializer.SerializeToNode(finding, JsonForm.Of<Finding>()))]),
        });
    });

    Task PlanAsync(HttpContext http) => WithOptionsAsync(http, async options =>
    {
        var plan = await Migration.PlanAsync(options, http.RequestAborted);
        await Answer.WriteAsync(http, JsonSerializer.SerializeToNode(plan, JsonForm.Of<MigrationPlan>())!);
    });

    async Task ListAsync(HttpContext http)
    {
        var all = await Task.WhenAll(list.All.Select(listed => listed.ToJsonAsync(http.RequestAborted)));
        await Answer.WriteAsync(http, new JsonArray([.. all]));
    }

    async Task AddAsync(HttpContext http)
    {
        if (await Body.ReadAsync(http, WebJson.Default.MigrationRequest) is not { } request)
            return;
        Complete(request);
        var known = list.Find(request.Migration);
        var objection = request switch
        {
            { Migration: not null } when known is null => "it names a migration that is not listed",
            { Made: not null, Target: null } => "there is no target made by that number",
            { Source: null or "" } or { Target: null or "" } when known is null => "source and target are connection strings, and both are needed",
            _ => request.Objection,
        };
        if (objection is not null)
        {
            await Problem.WriteAsync(http, Refusals.NotUnderstood(objection), StatusCodes.Status400BadRequest);
            return;
        }

        var (listed, isNew, options) = list.Add(known is null ? request.ToOptions() : request.Connections(known.Options));
        if (!isNew && await listed.TryReplaceAsync(options, http.RequestAborted) is { } refusal)
        {
            await Problem.WriteAsync(http, refusal, StatusCodes.Status409Conflict);
            return;
        }

        http.Response.Headers.Location = $"/api/v1/migrations/{listed.Id}";
        var status = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await Answer.WriteAsync(http, await listed.ToJsonAsync(http.RequestAborted), status);
    }

    Task OneAsync(HttpContext http)
        => WithListedAsync(http, async listed => await Answer.WriteAsync(http, await listed.ToJsonAsync(http.RequestAborted)));

    Task RemoveAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        await list.RemoveAsync(listed);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    Task ScopeAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        if (await Body.ReadAsync(http, WebJson.Default.MigrationRequest) is not { } request)
            return;
        var objection = request is { Migration: null, Source: null, Target: null, Made: null } ? request.Objection : "the databases stay as they are";
        if (objection is not null)
        {
            await Problem.WriteAsync(http, Refusals.NotUnderstood(objection), StatusCodes.Status400BadRequest);
            return;
        }

        if (!listed.TryChoose(request))
        {
            await Problem.WriteAsync(http, Refusals.HasBegun(), StatusCodes.Status409Conflict);
            return;
        }

        await Answer.WriteAsync(http, await listed.ToJsonAsync(http.RequestAborted));
    });

    Task PlanOneAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        await listed.PlanAsync(http.RequestAborted);
        await GivePlanAsync(http, listed);
    });

    Task PlannedAsync(HttpContext http) => WithListedAsync(http, listed => GivePlanAsync(http, listed));

    static Task GivePlanAsync(HttpContext http, ListedMigration listed)
        => listed.Plan is { } plan ? Answer.WriteAsync(http, plan) : Problem.WriteAsync(http, Refusals.NotFound("plan for what is chosen"), StatusCodes.Status404NotFound);

    Task PaceAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        if (await Body.ReadAsync(http, WebJson.Default.PaceRequest) is not { } request)
            return;
        if (request.Jobs is < 1 or > 1000)
        {
            await Problem.WriteAsync(http, Refusals.NotUnderstood("jobs is from 1 to 1000"), StatusCodes.Status400BadRequest);
            return;
        }

        await listed.PaceAsync(request.Jobs, http.RequestAborted);
        await Answer.WriteAsync(http, await listed.ToJsonAsync(http.RequestAborted));
    });

    Task RunAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        listed.Run();
        await Answer.WriteAsync(http, await listed.ToJsonAsync(http.RequestAborted), StatusCodes.Status202Accepted);
    });

    Task ReportAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        if (await listed.FindReportAsync($"{http.Request.Query["of"]}", http.RequestAborted) is not { } report)
        {
            await Problem.WriteAsync(http, Refusals.NotFound("report of that number"), StatusCodes.Status404NotFound);
            return;
        }

        if (http.Request.Query["format"] != "html")
        {
            await Answer.WriteAsync(http, JsonSerializer.SerializeToNode(report, JsonForm.Of<Evidence.MigrationReport>())!);
            return;
        }

        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
        var moment = report.At.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"pgbaton-{report.Name}-{report.Status.State}-{moment}.html\""; // A name has no character that would have to be quoted.
        await Answer.TextAsync(http, renderings.ReportPage(report), "text/html");
    });

    Task LagAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        var width = double.TryParse($"{http.Request.Query["width"]}", NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? Math.Clamp(pixels, 200, 2000) : 900;
        await Answer.WriteAsync(http, new JsonObject { ["plot"] = renderings.LagPlot(await listed.LagAsync(http.RequestAborted), width) });
    });

    Task SayAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        var word = $"{http.Request.RouteValues["word"]}";
        if (!_words.Contains(word))
        {
            await Problem.WriteAsync(http, Refusals.NotFound("such word"), StatusCodes.Status404NotFound);
            return;
        }

        if (await Body.ReadAsync(http, WebJson.Default.WordRequest) is not { } request)
            return;
        if (request.ObjectionTo(word) is { } objection)
        {
            await Problem.WriteAsync(http, Refusals.NotUnderstood(objection), StatusCodes.Status400BadRequest);
            return;
        }

        if (!await IsConfirmedAsync(http, listed, word, request))
            return;
        var said = listed.Say(word, request.ToArguments());
        if (request.Wait)
            await said.Answer.WaitAsync(http.RequestAborted);
        http.Response.Headers.Location = $"/api/v1/migrations/{listed.Id}/words/{said.Number}";
        await AnswerAsync(http, said, request.Wait);
    });

    // As on the terminal: what cannot be taken back wants the migration's name. A rehearsal changes nothing.
    static async Task<bool> IsConfirmedAsync(HttpContext http, ListedMigration listed, string word, WordRequest request)
    {
        if (!_confirmed.Contains(word) || request.Rehearse)
            return true;
        var (status, failure) = await listed.LookAsync(http.RequestAborted);
        if (failure is not null)
        {
            await Problem.WriteAsync(http, failure, StatusCodes.Status502BadGateway);
            return false;
        }

        if (status!.Name is not { } name || request.Confirm == name)
            return true; // Without a migration the library says so.
        await Problem.WriteAsync(http, Refusals.NotConfirmed(word, name), StatusCodes.Status409Conflict);
        return false;
    }

    Task WordAsync(HttpContext http) => WithListedAsync(http, async listed =>
    {
        var text = $"{http.Request.RouteValues["number"]}";
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && listed.FindWord(number) is { } said)
            await AnswerAsync(http, said, isWaiting: false);
        else
            await Problem.WriteAsync(http, Refusals.NotFound("word of that number"), StatusCodes.Status404NotFound);
    });

    // Who waited for the answer hears of an error as of any other.
    static async Task AnswerAsync(HttpContext http, SaidWord said, bool isWaiting)
    {
        if (isWaiting && await said.Answer is { Error: { } error } outcome)
            await Problem.WriteAsync(http, error, Problem.StatusOf(error.Code, (ExitCode)outcome.ExitCode), (ExitCode)outcome.ExitCode);
        else
            await Answer.WriteAsync(http, said.ToJson(), said.Answer.IsCompleted ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    Task WithListedAsync(HttpContext http, Func<ListedMigration, Task> act)
        => list.Find(http.Request.RouteValues["id"] as string) is { } listed
            ? act(listed) : Problem.WriteAsync(http, Refusals.NotFound("such migration"), StatusCodes.Status404NotFound);

    // Its password is known here and nowhere on the page.
    void Complete(MigrationRequest request)
    {
        if (request is { Made: { } number, Target: null })
            request.Target = desk.ConnectionOf(number);
    }

    async Task WithOptionsAsync(HttpContext http, Func<MigrationOptions, Task> act)
    {
        if (await Body.ReadAsync(http, WebJson.Default.MigrationRequest) is not { } request)
            return;
        Complete(request);
        if (request.Objection is { } objection)
            await Problem.WriteAsync(http, Refusals.NotUnderstood(objection), StatusCodes.Status400BadRequest);
        else if (request.Migration is null)
            await act(list.Complete(request.ToOptions()));
        else if (list.Find(request.Migration) is { } listed)
            await act(request.Connections(listed.Options) with { OnlyChecks = request.Only ?? [] });
        else
            await Problem.WriteAsync(http, Refusals.NotFound("such migration"), StatusCodes.Status404NotFound);
    }
}
