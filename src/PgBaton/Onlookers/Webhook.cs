using System.Globalization;
using System.Net.Http.Json;
using System.Threading.Channels;

namespace PgBaton.Onlookers;

/// <summary>
/// Posts occasions to a URL, one after the other, beside the run of the engine, which waits for it at its end only, and not for long. What cannot be
/// delivered is a warning. Such URLs are secrets: only the host is ever named.
/// </summary>
sealed class Webhook : IAsyncDisposable
{
    const int Tries = 4;

    /// <summary>For one try.</summary>
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>For all that is left at the end: whoever is told to end has five seconds.</summary>
    static readonly TimeSpan _patienceAtTheEnd = TimeSpan.FromSeconds(3);

    readonly Channel<Occasion> _waiting = Channel.CreateUnbounded<Occasion>(new UnboundedChannelOptions { SingleReader = true });
    readonly HttpClient _http = new() { Timeout = _patience };
    readonly CancellationTokenSource _end = new();
    readonly Migration _migration;
    readonly Occasions _occasions;
    readonly Uri _url;
    readonly Task _posting;

    Webhook(Migration migration, Uri url)
    {
        var (source, target) = Migration.AddressesOf(migration.Options);
        (_migration, _url) = (migration, url);
        _occasions = new Occasions(source, target, migration.Options.NotifyLag, migration.Time);
        _posting = PostAllAsync();
        migration.Happened += See;
    }

    /// <summary>Null if nobody asked for it (<see cref="MigrationOptions.Notify"/>).</summary>
    public static Webhook? Of(Migration migration) => migration.Options.Notify is { } url ? new Webhook(migration, url) : null;

    /// <summary>The run ends with this.</summary>
    public void SeeFailure(Exception failure) => _waiting.Writer.TryWrite(_occasions.OfFailure(failure));

    void See(MigrationEvent happened)
    {
        if (_occasions.Of(happened) is { } occasion)
            _waiting.Writer.TryWrite(occasion);
    }

    /// <summary>Posts what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _migration.Happened -= See;
        _waiting.Writer.Complete();
        _end.CancelAfter(_patienceAtTheEnd);
        await _posting;
        _http.Dispose();
        _end.Dispose();
    }

    async Task PostAllAsync()
    {
        await foreach (var occasion in _waiting.Reader.ReadAllAsync())
        {
            if (await PostAsync(occasion) is { } why)
                _migration.Report(new Warning("PB0047", $"{_url.Host} was not told ({occasion.Kind}): {why}", "Ask \"pgbaton status\" instead; see whether --notify is right."));
        }
    }

    // Null: delivered.
    async Task<string?> PostAsync(Occasion occasion)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (why, mayPass) = await TryAsync(occasion);
            if (why is null || !mayPass || attempt == Tries || _end.IsCancellationRequested)
                return why;
            await Task.Delay(TimeSpan.FromSeconds(attempt * attempt), _migration.Time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<(string? Why, bool MayPass)> TryAsync(Occasion occasion)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync(_url, occasion, PgBatonJson.Default.Occasion, _end.Token);
            var status = (int)answer.StatusCode;
            return answer.IsSuccessStatusCode
                ? (null, false)
                : (string.Create(CultureInfo.InvariantCulture, $"it answers {status}"), status is 408 or 429 or >= 500);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return (failure is HttpRequestException ? failure.Message : "no answer", true);
        }
    }
}
