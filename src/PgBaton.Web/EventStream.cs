using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>
/// Server-sent events of one migration. They come out of the journal, so it does not matter which process is the engine, and a browser that was
/// cut off goes on where it was.
/// </summary>
sealed class EventStream(HttpContext http, MigrationList list, ListedMigration listed, Renderings renderings)
{
    const int Most = 200;
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(700);

    long? _seen = long.TryParse(http.Request.Headers["Last-Event-ID"].ToString(), CultureInfo.InvariantCulture, out var last) ? last : null;
    string? _view;
    bool _hasTold; // This browser, now or before it was cut off.

    public static RequestDelegate Of(MigrationList list, Renderings renderings) => async http =>
    {
        if (list.Find(http.Request.RouteValues["id"] as string) is not { } listed)
        {
            await Problem.WriteAsync(http, Refusals.NotFound("such migration"), StatusCodes.Status404NotFound);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        await new EventStream(http, list, listed, renderings).WriteAsync(http.RequestAborted);
    };

    // Ends with the connection, and once it is listed no longer.
    async Task WriteAsync(CancellationToken ct)
    {
        _hasTold = _seen is not null;
        try
        {
            while (list.Find(listed.Id) == listed)
            {
                await WriteViewAsync(ct);
                await WriteHappenedAsync(ct);
                await http.Response.Body.FlushAsync(ct);
                await Task.Delay(_interval, TimeProvider.System, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    async Task WriteViewAsync(CancellationToken ct)
    {
        var view = (await listed.ToJsonAsync(ct)).ToJsonString();
        await WriteAsync(view == _view ? ": still the same\n\n" : $"event: view\ndata: {view}\n\n", ct);
        _view = view;
    }

    async Task WriteHappenedAsync(CancellationToken ct)
    {
        if ((await listed.LookAsync(ct)).Status is null or { State: "none" })
        {
            _seen = null;
            await WriteFormerAsync(ct);
            return;
        }

        try
        {
            foreach (var happened in await Migration.EventsAsync(listed.Options, _seen, Most, ct))
            {
                _seen = happened.Seq;
                await WriteAsync(happened, ct);
            }
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && failure is MigrationException or System.Data.Common.DbException)
        {
            // The view tells why the target does not answer.
        }
    }

    // Of a migration that is over: its journal is gone, and who comes now has seen nothing of it.
    async Task WriteFormerAsync(CancellationToken ct)
    {
        if (_hasTold || listed.Afterwards.Ending?.Report is not { } last)
            return;
        foreach (var (i, reported) in last.Events.Index())
            await WriteAsync(new JournaledEvent(i + 1, reported.At, reported.Epoch, reported.Happened), ct);
    }

    Task WriteAsync(JournaledEvent happened, CancellationToken ct)
    {
        _hasTold = true;
        return WriteAsync($"id: {happened.Seq}\nevent: happened\ndata: {Data(happened)}\n\n", ct);
    }

    string Data(JournaledEvent happened) => new JsonObject
    {
        ["seq"] = happened.Seq,
        ["at"] = happened.At.UtcDateTime.ToString("O"),
        ["epoch"] = happened.Epoch,
        ["text"] = Secrets.Remove(renderings.Sentence(happened.Happened)),
        ["happened"] = JsonSerializer.SerializeToNode(happened.Happened, JsonForm.Of<MigrationEvent>()),
    }.ToJsonString();

    // One line of JSON holds no line break.
    Task WriteAsync(string text, CancellationToken ct) => http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ct).AsTask();
}
