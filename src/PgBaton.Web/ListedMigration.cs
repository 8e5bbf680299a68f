using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PgBaton.Evidence;

namespace PgBaton.Web;

/// <summary>
/// One migration that this process knows: asked about, spoken to, and run, if somebody wants it run here. Connection strings stay in memory. All that
/// lasts is in the journal, so another process may as well do the work.
/// </summary>
sealed class ListedMigration(string id, MigrationOptions options, Renderings renderings, TimeProvider time) : IAsyncDisposable
{
    const string Aborted = "PB0208"; // By somebody else's word, while an engine of this process ran it.
    const string Ended = "57P01"; // Our own fence ends sessions, and this may have been one of them.
    static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(700);

    readonly CancellationTokenSource _end = new();
    readonly SemaphoreSlim _asking = new(1);
    readonly Lock _lock = new();
    readonly SaidWords _words = new(time);
    readonly SeenLag _lag = new();
    Task _engine = Task.CompletedTask;
    CancellationTokenSource? _run;
    (MigrationStatus? Status, ErrorReport? Failure)? _seen;
    int? _pace; // Connections for the copy that is under way; what is chosen for a beginning stays.
    MigrationOptions? _begunWith; // As the journal has it; null as long as there is none, or nobody has looked.
    Planned? _planned;
    long _askedAt;
    long _changedAt;

    public string Id => id;

    public MigrationOptions Options { get; private set; } = options;

    public Progress Progress { get; } = new();

    /// <summary>What this process tells of it beside the journal.</summary>
    public Afterwards Afterwards { get; } = new(time);

    /// <summary>Of the migration that is under way or was the last, or of one that ended here, by its number; null if there is none.</summary>
    public async Task<MigrationReport?> FindReportAsync(string number, CancellationToken ct)
        => number.Length == 0 ? Afterwards.Ending?.Report ?? await Migration.ReportAsync(Options, ct)
            : int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? Afterwards.Reported.ElementAtOrDefault(place - 1)?.Report : null;

    /// <summary>How far the other side was behind: what the journal keeps of it, and what was seen here.</summary>
    public async Task<IReadOnlyList<ReportedLag>> LagAsync(CancellationToken ct) => _lag.Beside(await Migration.LagAsync(Options, ct));

    /// <summary>What it takes, as it was last told for what is chosen now; null if that was not asked.</summary>
    public JsonNode? Plan => Planned?.Plan.DeepClone();

    Planned? Planned => _planned is { } planned && planned.IsOf(Options) ? planned : null;

    /// <summary>An engine of this process is at work.</summary>
    public bool IsRunning => !_engine.IsCompleted;

    int Pace => _pace ?? Options.Jobs;

    // Or a word that was said here is being carried out, perhaps by an engine of this process.
    bool IsBusy => IsRunning || _words.IsBusy;

    /// <summary>Somebody has given the connection strings again, perhaps with another password. What runs goes on with those it has.</summary>
    public void Replace(MigrationOptions options)
    {
        lock (_lock)
            Options = options;
        Afterwards.Forgive();
        Changed();
    }

    /// <summary>What to move and how, for a migration that is yet to begin; false if it has begun, and not with this.</summary>
    public bool TryChoose(MigrationRequest request)
    {
        var isOpen = !IsRunning && _begunWith is null;
        if (isOpen)
            Replace(request.Scope(Options));
        return isOpen || request.IsOf(_begunWith ?? Options);
    }

    /// <summary>The same, unless they open nothing where those that are known do: then all stays as it is, and why is returned.</summary>
    public async Task<ErrorReport?> TryReplaceAsync(MigrationOptions options, CancellationToken ct)
    {
        if (await FailureOfAsync(options, ct) is { } refusal && await FailureOfAsync(Options, ct) is null)
            return refusal;
        Replace(options);
        return null;
    }

    async Task<ErrorReport?> FailureOfAsync(MigrationOptions options, CancellationToken ct)
    {
        var (status, failure) = await StatusQuestion.AskAsync(options, renderings, ct);
        return status?.SourceError is { } why ? Refusals.SourceSilent(why) : failure;
    }

    // What was seen before is true no longer.
    void Changed() => Interlocked.Exchange(ref _changedAt, time.GetTimestamp());

    /// <summary>Asks both servers what it will take, and keeps that for whoever looks.</summary>
    public async Task PlanAsync(CancellationToken ct)
    {
        _planned = await Planned.MakeAsync(Options, time.GetUtcNow(), ct);
        Changed();
    }

    /// <summary>Becomes the engine, if this process is not: goes on where the journal says, until finish or abort.</summary>
    public void Run()
    {
        lock (_lock)
        {
            if (IsRunning)
                return;
            var former = Afterwards.Ending;
            Afterwards.Begin();
            _run?.Dispose();
            _run = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            var ct = _run.Token;
            _engine = Task.Run(() => RunAsync(former, ct));
        }
    }

    /// <summary>While it is copied here: goes on with so many connections. What is on its way, and not yet in the journal, begins again.</summary>
    public async Task PaceAsync(int jobs, CancellationToken ct)
    {
        _pace = jobs;
        var (status, _) = await LookAsync(ct);
        if (status?.State != "copying" || !IsRunning)
            return;
        await _run!.CancelAsync();
        await _engine;
        Run();
    }

    // Of a run that does not even begin, nothing is left: what came of the migration before still is what there is to show.
    async Task RunAsync(Ending? former, CancellationToken ct)
    {
        try
        {
            await using var migration = Open();
            await migration.RunAsync(Goal.Finished, ct);
            Afterwards.Ran("finished");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The journal knows where to go on.
        }
#pragma warning disable CA1031 // Whatever it is, the page has to show it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var report = renderings.Report(failure);
            if (report.Code == Aborted)
                Afterwards.Ran("aborted");
            if (former is not null && (await StatusQuestion.AskAsync(Options, renderings, CancellationToken.None)).Status is { State: "none" })
                Afterwards.Restore(former);
            if (report.Code != Aborted || Afterwards.Ending is null) // What was said here, and is answered, is no failure.
                Afterwards.Fail(report);
        }
        finally
        {
            Progress.Forget();
            Changed();
        }
    }

    /// <summary>Says a word and returns at once; whoever is the engine carries it out, this process if nobody is.</summary>
    public SaidWord Say(string name, WordArguments arguments) => _words.Add(name, arguments, () => AnswerAsync(name, arguments));

    public SaidWord? FindWord(int number) => _words.Find(number);

    async Task<WordOutcome> AnswerAsync(string name, WordArguments arguments)
    {
        try
        {
            var report = name is "finish" or "abort" ? await Migration.ReportAsync(Options, _end.Token) : null;
            await using var migration = Open();
            var outcome = await migration.SayAsync(name, arguments, _end.Token);
            if (outcome.ExitCode == 0 && report is not null)
                Afterwards.End(Ending.Of(report, name == "finish" ? "finished" : "aborted", time.GetUtcNow(), name == "finish" ? arguments.UnlockSource : null));
            return outcome with { Error = outcome.Error?.WithoutPasswords() };
        }
#pragma warning disable CA1031 // It is the answer.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new WordOutcome((int)renderings.ErrorOf(failure).ExitCode, renderings.Report(failure));
        }
        finally
        {
            Changed();
        }
    }

    Migration Open()
    {
        var migration = Migration.Open(Options with { Jobs = Pace }, time);
        migration.Happened += Progress.Show;
        return migration;
    }

    /// <summary>Not older than a second, however many ask, and than what ended here.</summary>
    public async Task<(MigrationStatus? Status, ErrorReport? Failure)> LookAsync(CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            if (_seen is { } seen && _askedAt > Interlocked.Read(ref _changedAt) && time.GetElapsedTime(_askedAt) < _fresh)
                return seen;
            var asked = time.GetTimestamp();
            var answer = await StatusQuestion.AskAsync(Options, renderings, ct);
            if (answer.Failure is { Sqlstate: Ended })
                answer = await StatusQuestion.AskAsync(Options, renderings, ct);
            (_seen, _askedAt) = (answer, asked);
            _lag.Add(time.GetUtcNow(), answer.Status);
            if (answer.Status is { } status)
                Afterwards.See(status, asked, IsBusy || status.Engine is { } engine && engine.Pid == Environment.ProcessId && engine.Host == Environment.MachineName);
            await KeepScopeAsync(answer.Status, ct);
            return answer;
        }
        finally
        {
            _asking.Release();
        }
    }

    // What is moved is fixed once it has begun, by whichever process.
    async Task KeepScopeAsync(MigrationStatus? status, CancellationToken ct)
    {
        try
        {
            if (status is { State: "none" })
                ChooseAgain();
            else if (status is not null)
                _begunWith ??= await Migration.BegunWithAsync(Options, ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && failure is MigrationException or System.Data.Common.DbException)
        {
            // The next look asks again.
        }
    }

    // What it was begun with is where the choices for the next beginning start.
    void ChooseAgain()
    {
        lock (_lock)
        {
            if (_begunWith is { } begun)
                Options = MigrationRequest.Of(begun with { Jobs = Options.Jobs, IndexJobs = Options.IndexJobs, IgnoredFindings = Options.IgnoredFindings }).Scope(Options);
            (_begunWith, _pace) = (null, null);
        }
    }

    /// <summary>All there is to show.</summary>
    public async Task<JsonObject> ToJsonAsync(CancellationToken ct)
    {
        var view = Local(); // Before the status: what is told to have ended here is not of before its end there.
        var (status, failure) = await LookAsync(ct);
        if (Afterwards.Failure is null)
            view["failure"] = null; // The look has shown that somebody gets on with it.
        view["scope"] = JsonSerializer.SerializeToNode(MigrationRequest.Of(Options), WebJson.Default.MigrationRequest); // Now: somebody may have chosen otherwise meanwhile.
        view["begun_with"] = _begunWith is { } begun ? JsonSerializer.SerializeToNode(MigrationRequest.Of(begun), WebJson.Default.MigrationRequest) : null;
        view["last"] = status is null or { State: "none" } ? Afterwards.Ending?.ToJson() : null;
        view["status"] = status is null ? null : JsonSerializer.SerializeToNode(status, JsonForm.Of<MigrationStatus>());
        view["status_error"] = failure is null ? null : JsonSerializer.SerializeToNode(failure, JsonForm.Of<ErrorReport>());
        return view;
    }

    // What this process knows by itself.
    JsonObject Local()
    {
        var (source, target) = Migration.AddressesOf(Options);
        lock (_lock)
        {
            return new JsonObject
            {
                ["id"] = id,
                ["source"] = source,
                ["target"] = target,
                ["scope"] = null, // In its place among the fields.
                ["is_running_here"] = IsRunning,
                ["pace"] = Pace,
                ["planned_at"] = Planned?.At.UtcDateTime.ToString("O"),
                ["reports"] = new JsonArray([.. Afterwards.Reported.Select(one => one.ToJson())]),
                ["failure"] = Afterwards.Failure is { } failed ? JsonSerializer.SerializeToNode(failed, JsonForm.Of<ErrorReport>()) : null,
                ["words"] = _words.ToJson(),
                ["progress"] = Progress.ToJson(),
            };
        }
    }

    /// <summary>Stops what runs here; nothing is undone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll([_engine, .. _words.Answers]);
        _run?.Dispose();
        _end.Dispose();
        _asking.Dispose();
    }
}
