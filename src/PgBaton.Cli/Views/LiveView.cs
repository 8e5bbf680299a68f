using Spectre.Console;

namespace PgBaton.Cli.Views;

/// <summary>One screen that stays where it is and changes, for a person at a terminal.</summary>
sealed class LiveView : IView
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    readonly IAnsiConsole _console;
    readonly string _title;
    readonly Picture _picture = new();
    readonly TimeProvider _time;
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<LiveDisplayContext> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _display;
    DateTimeOffset _drawn;

    public LiveView(IAnsiConsole console, string title, TimeProvider time)
    {
        (_console, _title, _time) = (console, title, time);
        _display = console.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(context =>
        {
            _started.SetResult(context);
            return _ended.Task;
        });
    }

    /// <summary>A person looks at it: a terminal that understands more than lines, and nobody asked for something else.</summary>
    public static bool Suits
        => !Console.IsOutputRedirected && AnsiConsole.Console.Profile.Capabilities is { Ansi: true, Interactive: true }
           && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public void Show(DateTimeOffset at, MigrationEvent happened) => _picture.See(at, happened);

    public void Tick()
    {
        var now = _time.GetUtcNow();
        if (now - _drawn < _interval)
            return;
        _drawn = now;
        Draw(now);
    }

    /// <summary>Leaves the last state on the terminal.</summary>
    public async ValueTask DisposeAsync()
    {
        Draw(_time.GetUtcNow());
        _ended.TrySetResult();
        await _display;
    }

    void Draw(DateTimeOffset now)
    {
        if (!_started.Task.IsCompletedSuccessfully)
            return;
        var profile = _console.Profile;
        var lines = LiveScreen.Render(
            _picture, _title, now, profile.Width, profile.Height, profile.Capabilities.Unicode);
        _started.Task.Result.UpdateTarget(new Rows(lines.Select(line => new Markup(line) { Overflow = Overflow.Crop })));
    }
}
