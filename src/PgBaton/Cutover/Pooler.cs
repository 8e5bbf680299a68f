using System.Text.Json;
using PgBaton.Postgres;
using PgBaton.Schema;

namespace PgBaton.Cutover;

/// <summary>
/// PgBouncer in front of the application, told through its admin console: paused before the fence, so that clients wait there and no session is left to end;
/// let go on once the new writer is open, or the cutover has failed. That it is paused is in the journal, so that the next process lets it go on.
/// </summary>
static class Pooler
{
    /// <summary>Its databases that lead to the publisher wait from now on; returns once their last transaction is over.</summary>
    /// <exception cref="MigrationException">PB0719: it cannot be asked, or does not come to rest. It may be half paused then.</exception>
    public static async Task PauseAsync(Migration migration, string? uri, TimeSpan limit, CancellationToken ct)
    {
        if (uri is null)
            return;
        var listed = await AskAsync(migration, uri, "SHOW DATABASES", ct);
        var names = Leading(listed, migration.Direction.Publisher);
        if (names.Count == 0)
            throw Errors.PoolerNotPaused(Display(uri), $"none of its databases leads to a database \"{migration.Direction.Publisher.Database}\"");
        await migration.Journal.SetFactAsync(Fact.Pooler, JsonSerializer.Serialize([uri, .. names], PgBatonJson.Journal.ListString), ct);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(limit);
        try
        {
            foreach (var name in names)
                await AskAsync(migration, uri, $"PAUSE {Sql.Identifier(name)}", limited.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Errors.PoolerNotPaused(Display(uri), $"transactions or, with session pooling, clients did not end within {limit.TotalSeconds:0.#} s");
        }

        migration.Report(new Notice($"PgBouncer at {Display(uri)} is paused: {string.Join(", ", names)}"));
    }

    /// <summary>Whoever waits there goes on. Nothing happens if nothing is paused. A failure is a warning: what came before has happened all the same.</summary>
    /// <param name="migration">Whose cutover it was.</param>
    /// <param name="reload">Its configuration leads to the other side now.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static async Task ResumeAsync(Migration migration, bool reload, CancellationToken ct)
    {
        if (await migration.Journal.GetFactAsync(Fact.Pooler, ct) is not { } fact)
            return;
        var paused = JsonSerializer.Deserialize(fact, PgBatonJson.Default.ListString)!;
        var uri = paused[0];
        try
        {
            if (reload)
                await AskAsync(migration, uri, "RELOAD", ct);
            // One that the operator, or an earlier attempt, has let go on already is no failure.
            var listed = await AskAsync(migration, uri, "SHOW DATABASES", ct);
            foreach (var name in paused.Skip(1).Where(name => IsPaused(listed, name)))
                await AskAsync(migration, uri, $"RESUME {Sql.Identifier(name)}", ct);
            await migration.Journal.SetFactAsync(Fact.Pooler, null, ct);
            migration.Report(new Notice($"PgBouncer at {Display(uri)} goes on"));
        }
        catch (MigrationException failure)
        {
            migration.Report(new Warning(
                "PB0804", failure.Message, $"Clients may still wait there. Say RESUME on its admin console: psql {Display(uri)} -c RESUME"));
        }
    }

    /// <summary>The word is kept in the journal, where everybody who may read it would see a password.</summary>
    /// <exception cref="MigrationException">PB0720.</exception>
    public static void MustHoldNoPassword(string? uri)
    {
        if (uri is not null && Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
            && (parsed.UserInfo.Contains(':', StringComparison.Ordinal) || parsed.Query.Contains("password=", StringComparison.OrdinalIgnoreCase)))
        {
            throw Errors.PasswordInPooler();
        }
    }

    // The console understands the simple protocol only, which the driver does not speak.
    static async Task<List<Dictionary<string, string>>> AskAsync(Migration migration, string uri, string command, CancellationToken ct)
    {
        var environment = ChildProcess.CleanEnvironment();
        (environment["LC_ALL"], environment["PGAPPNAME"], environment["PGCONNECT_TIMEOUT"]) = ("C", "pgbaton/pooler", "5");
        if (Environment.GetEnvironmentVariable("PGPASSFILE") is { } passfile)
            environment["PGPASSFILE"] = passfile;
        var psql = await ClientProgram.FindPsqlAsync(migration.Options, migration.Source.Version, ct);
        var ended = await ChildProcess.RunAsync(psql, ["-X", "-q", "-w", "-A", "-F", "\t", "-P", "footer=off", "-d", uri, "-c", command], environment, ct);
        if (ended.ExitCode != 0)
            throw Errors.PoolerNotPaused(Display(uri), ended.Error.Split('\n')[0]);
        var lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToList();
        return [.. lines.Skip(1).Select(values => lines[0].Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal))];
    }

    static List<string> Leading(IEnumerable<Dictionary<string, string>> listed, Server publisher)
        => [.. listed.Where(row => row["database"] == publisher.Database && row["name"] != "pgbouncer").Select(row => row["name"])];

    static bool IsPaused(IEnumerable<Dictionary<string, string>> listed, string name) => listed.Any(row => row["name"] == name && row["paused"] == "1");

    static string Display(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) ? $"postgresql://{parsed.UserInfo}@{parsed.Host}:{parsed.Port}{parsed.AbsolutePath}" : "--pgbouncer";
}
