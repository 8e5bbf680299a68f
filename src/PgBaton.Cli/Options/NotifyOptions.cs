using System.CommandLine;

namespace PgBaton.Cli.Options;

/// <summary>Who is told what happens without looking.</summary>
sealed class NotifyOptions
{
    readonly Option<string> _url = OptionOf.Text(
        "--notify", "URL", "post here what somebody should know: in step, opened, finished, stopped, late, slot at risk");

    readonly Option<double> _lag = OptionOf.Seconds("--notify-lag", "DURATION", "with --notify: tell a lag longer than this (default 1min)", 60);

    // The value is a secret: it is not repeated.
    public NotifyOptions() => _url.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => Read(token.Value) is null))
            result.AddError($"{_url.Name} takes a URL that begins with http:// or https://");
    });

    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_lag);
    }

    public MigrationOptions Apply(ParseResult parsed, MigrationOptions options) => options with
    {
        Notify = parsed.GetValue(_url) is { } url ? Read(url) : null,
        NotifyLag = TimeSpan.FromSeconds(parsed.GetValue(_lag)),
    };

    static Uri? Read(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https" } ? url : null;
}
