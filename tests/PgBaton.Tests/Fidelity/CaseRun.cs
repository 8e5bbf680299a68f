using System.Text.RegularExpressions;

namespace PgBaton.Tests.Fidelity;

/// <summary>A scenario moved from one server to another, as an operator would: migrate, the application goes on, cutover, finish.</summary>
sealed partial class CaseRun : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    readonly CaseFile _file;
    readonly TestDatabase _source, _target;
    readonly string? _role;
    readonly Migration _engine, _operator;
    readonly TaskCompletionSource _inSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<string> _blockers = [];
    readonly List<Warning> _warnings = [];
    string _last = "nothing";

    CaseRun(CaseFile file, TestDatabase source, TestDatabase target, string? role)
    {
        (_file, _source, _target, _role) = (file, source, target, role);
        var uri = role is null ? target.Uri : new UriBuilder(target.Uri) { UserName = role, Password = "plain" }.Uri.ToString();
        const string withoutTls = "?sslmode=disable"; // Loopback, and hundreds of connections.
        var options = new MigrationOptions { Source = source.Uri + withoutTls, Target = uri + withoutTls, ReplicaIdentityFull = true };
        (_engine, _operator) = (Migration.Open(options), Migration.Open(options));
        _engine.Happened += Note;
    }

    /// <summary>
    /// How it ended: equal; warned, equal but for constraints that the target's rows break as the source's do, each of them named; refused or drift,
    /// each with its codes; or what must not be: different, stuck, harmed, broken.
    /// </summary>
    public static async Task<string> RunAsync(CaseFile file, TestServer sourceServer, TestServer targetServer, bool plainOwner)
    {
        var source = await sourceServer.CreateDatabaseAsync();
        var target = await targetServer.CreateDatabaseAsync();
        var role = plainOwner ? $"owner_{Guid.NewGuid():n}"[..20] : null;
        if (role is not null)
            await target.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'plain'; ALTER DATABASE {target.Name} OWNER TO {role}");
        await using var run = new CaseRun(file, source, target, role);
        var errors = await CaseFile.PsqlAsync(source, file["schema"] + file["seed"]);
        return errors.Contains("ERROR", StringComparison.Ordinal) ? $"broken: {errors}" : await run.RunAsync();
    }

    async Task<string> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => _engine.RunAsync(Goal.Finished, stop.Token));
        try
        {
            return await FollowAsync(running).WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            return $"stuck: {_last}";
        }
        finally
        {
            await stop.CancelAsync();
            await running.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    async Task<string> FollowAsync(Task running)
    {
        if (await Task.WhenAny(running, _inSync.Task) == running)
            return await FailureAsync("refused", running);

        var errors = await CaseFile.PsqlAsync(_source, _file["cdc"]);
        foreach (var word in (string[])["cutover", "finish"])
        {
            var said = _operator.SayAsync(word, new WordArguments { NoReverse = true });
            if (await Task.WhenAny(said, running) == running && !running.IsCompletedSuccessfully)
                return await FailureAsync("drift", running);
            try
            {
                if ((await said).Error is { } error)
                    return Ended("drift", error.Code, error.Detail, error.Message);
            }
            catch (MigrationException)
            {
                return await FailureAsync("drift", said);
            }
        }

        await running;
        return await CompareAsync(errors);
    }

    async Task<string> CompareAsync(string errors)
    {
        await CaseOracle.RefreshAsync(_source);
        var excused = await ExcuseAsync();
        var (before, after) = (await CaseOracle.ReadAsync(_source), await CaseOracle.ReadAsync(_target));
        var different = before.Keys.Union(after.Keys).Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key)).Order(StringComparer.Ordinal)
            .Select(key => $"{key}: {before.GetValueOrDefault(key, "nothing")} -> {after.GetValueOrDefault(key, "nothing")}").ToList();
        var (expected, schema) = (await SchemaOracle.ExpectAsync(_source, _target.Server), await SchemaOracle.ReadAsync(_target));
        if (expected != schema)
            different.AddRange(expected.Split('\n').Except(schema.Split('\n')).Select(line => $"- {line}")
                .Concat(schema.Split('\n').Except(expected.Split('\n')).Select(line => $"+ {line}")));
        return different.Count > 0 ? $"different: {string.Join("\n  ", different)}"
            : await HarmAsync(errors) is { } harm ? $"harmed: {harm}"
            : excused.Length > 0 ? $"warned: {excused}"
            : FalseAlarms() is { Length: > 0 } alarms ? $"different: false alarm: {alarms}" : "equal";
    }

    // What the product found different while the oracle finds all equal.
    string FalseAlarms() => string.Join("\n  ", _warnings.Where(warning => warning.Code is "PB0316" or "PB0317").Select(warning => warning.Message));

    // Valid on the source only because nobody asks its rows any more, and NOT VALID on the target: made the same on the source, if a warning says so.
    async Task<string> ExcuseAsync()
    {
        await using var target = await _target.OpenPinnedAsync();
        await using var list = new Npgsql.NpgsqlCommand(
            "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE NOT convalidated AND conrelid <> 0", target);
        await using var reader = await list.ExecuteReaderAsync();
        var codes = new SortedSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            var (table, name, definition) = (reader.GetString(0), reader.GetString(1), reader.GetString(2));
            if (_warnings.Find(warning => warning.Message.Contains(name, StringComparison.Ordinal)) is not { } warning)
                continue;
            codes.Add(warning.Code);
            await _source.ExecuteAsync(
                $"SET TRANSACTION READ WRITE; ALTER TABLE {table} DROP CONSTRAINT \"{name}\", ADD CONSTRAINT \"{name}\" {definition}");
        }

        return string.Join(' ', codes);
    }

    // What the application met must be what it would have met without us.
    async Task<string?> HarmAsync(string errors)
    {
        if (!SqlState().IsMatch(errors))
            return null;
        await using var alone = await _source.Server.CreateDatabaseAsync();
        await CaseFile.PsqlAsync(alone, _file["schema"] + _file["seed"]);
        var expected = Codes(await CaseFile.PsqlAsync(alone, _file["cdc"]));
        return Codes(errors).SequenceEqual(expected) ? null : errors;

        static IEnumerable<string> Codes(string errors) => SqlState().Matches(errors).Select(match => match.Value);
    }

    async Task<string> FailureAsync(string kind, Task failed)
    {
        try
        {
            await failed;
            return $"broken: ended after {_last}";
        }
        catch (MigrationException failure)
        {
            return Ended(kind, failure.Code, failure.Detail, $"{failure.Message} {failure.Detail}");
        }
    }

    // A refusal by several checks, or by the gates of the cutover, is known by theirs.
    string Ended(string kind, string code, string? detail, string message)
    {
        var codes = code switch
        {
            "PB1000" => _blockers,
            "PB0704" => [.. FindingCode().Matches(detail ?? "").Select(match => match.Value)],
            _ => [code],
        };
        return $"{kind}: {string.Join(' ', codes.Distinct().Order())} ({message})";
    }

    void Note(MigrationEvent happened)
    {
        if (happened is not LagMeasured)
            _last = happened.ToString();
        if (happened is FindingReported { Finding: { Severity: Severity.Blocker } blocker })
            _blockers.Add(blocker.Code);
        if (happened is Warning warning)
            _warnings.Add(warning);
        if (happened is InSync)
            _inSync.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _operator.DisposeAsync();
        await RollBackPreparedAsync();
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        if (_role is null)
            return;
        await using var connection = await TestServer.OpenAsync(_target.Server.UriOf("postgres"));
        await using var command = new Npgsql.NpgsqlCommand($"DROP ROLE {_role}", connection);
        await command.ExecuteNonQueryAsync();
    }

    // Those of a scenario that was broken off: they would keep every other slot of the server from being made.
    async Task RollBackPreparedAsync()
    {
        await using var connection = await _source.OpenPinnedAsync();
        await using var list = new Npgsql.NpgsqlCommand("SELECT coalesce(string_agg(format('ROLLBACK PREPARED %L', gid), ';'), '') FROM pg_prepared_xacts WHERE database = current_database()", connection);
        await using var rollBack = new Npgsql.NpgsqlCommand((string)(await list.ExecuteScalarAsync())!, connection);
        if (rollBack.CommandText.Length > 0)
            await rollBack.ExecuteNonQueryAsync();
    }

    [GeneratedRegex("ERROR:  [0-9A-Z]{5}")]
    private static partial Regex SqlState();

    [GeneratedRegex("PB[0-9]{4}(?=:)")]
    private static partial Regex FindingCode();
}
