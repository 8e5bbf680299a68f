using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>The step that asks every question of <see cref="Checks.All"/>, all of them, whatever the answers.</summary>
static class CheckServers
{
    /// <summary>For one question. Behind a pooler with few places a session may wait for ever; many tables take their time.</summary>
    static TimeSpan PatienceFor(Servers servers, bool isPooled) => TimeSpan.FromSeconds(isPooled ? 3 : 60 + (servers.Tables.Count / 100));

    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        await using var servers = await Servers.GatherAsync(migration.Options, migration.Source, migration.Target, [], [], ct);
        var blockers = new List<Finding>();
        await AskAsync(
            servers,
            finding =>
            {
                migration.Report(new FindingReported(finding));
                if (finding.Severity == Severity.Blocker)
                    blockers.Add(finding);
            },
            ct);
        if (blockers.Count > 0)
            throw Errors.ChecksBlock(blockers);
    }

    /// <summary>
    /// What must hold before a journal is written to the target: nothing may be changed on a server that cannot be used. A migration that is
    /// not begun yet is asked everything here, so that a blocker leaves no trace; the step then asks again, and reports what it finds.
    /// </summary>
    /// <exception cref="MigrationException">PB0113, PB0114, PB0115, PB0201, PB1000.</exception>
    public static async Task BeforeJournalAsync(Migration migration, CancellationToken ct)
    {
        var target = migration.Target;
        if (target.Version.Major < ServerVersion.OldestTargetMajor)
            throw Errors.TargetTooOld(target.Address, target.Version);
        await using var connection = await target.OpenAsync("check", ct);
        if (await connection.QueryValueAsync<bool>("SELECT pg_catalog.pg_is_in_recovery()", ct))
            throw Errors.TargetNotWritable(target.Address, "it is a standby", inner: null);
        if (await JournalReader.ExistsAsync(connection, target.Address, ct))
            return;
        await ProveWritableAsync(target, connection, ct);

        await using var servers = await Servers.GatherAsync(migration.Options, migration.Source, target, [], [], ct);
        var findings = new List<Finding>();
        await AskAsync(servers, findings.Add, ct);
        if (!findings.Exists(finding => finding.Severity == Severity.Blocker))
            return;
        findings.ForEach(finding => migration.Report(new FindingReported(finding)));
        throw Errors.ChecksBlock(findings.FindAll(finding => finding.Severity == Severity.Blocker));
    }

    /// <summary>Each finding is given to <paramref name="found"/> as soon as it is known.</summary>
    public static async Task AskAsync(Servers servers, Action<Finding> found, CancellationToken ct)
    {
        var isFollowed = Lane.Of(servers.Options).Follows;
        var (only, isPooled, isOneDatabase) = (servers.Options.OnlyChecks, false, false);
        foreach (var check in Checks.All.Where(
            check => (only.Count == 0 || only.Contains(check.Code, StringComparer.OrdinalIgnoreCase)) && servers.Has(check.Needs)
                && !(check.OnlyBefore && servers.IsUnderWay) && (isFollowed || !check.OnlyFollowing)))
        {
            if (isOneDatabase && check.Needs.HasFlag(Needs.Target))
                continue; // What would be said of the target would be said of the source: that it should be emptied.
            try
            {
                foreach (var finding in await AskAsync(check, servers, PatienceFor(servers, isPooled), ct))
                {
                    isPooled |= finding is { Code: "PB1003", Severity: Severity.Blocker };
                    isOneDatabase |= finding is { Code: "PB1011", Severity: Severity.Blocker };
                    found(Weigh(finding, servers.Options));
                }
            }
            catch (NpgsqlException lost) when (isPooled && !ct.IsCancellationRequested)
            {
                found(check.Unanswered(lost)); // Nothing more comes through that pooler, and what is to be done is said.
                return;
            }
        }
    }

    // A check that fails is a finding of its own, unless the connection to the server is gone: then there is nobody left to ask.
    static async Task<IReadOnlyList<Finding>> AskAsync(Check check, Servers servers, TimeSpan patience, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(patience);
        try
        {
            var findings = await check.AskAsync(servers, limited.Token);
            if (findings.Count > 0)
                return findings;
            // What asks whichever server is there has not been asked of one that is not.
            return check.Needs == Needs.None && servers.Unreachable.Count > 0 ? [] : [check.Good()];
        }
        catch (OperationCanceledException failure) when (limited.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            var late = new NpgsqlException($"There was no answer within {patience.TotalSeconds:0} s.", failure);
            return servers.AreConnected ? [check.Unanswered(late)] : throw late;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && servers.AreConnected)
        {
            return [check.Unanswered(failure)];
        }
        catch (InvalidOperationException failure) when (!servers.AreConnected)
        {
            throw new NpgsqlException("A session of ours has been ended.", failure);
        }
    }

    // Without a pg_dump the very next step fails, whatever the operator thinks of it.
    static Finding Weigh(Finding finding, MigrationOptions options)
        => finding.Severity == Severity.Blocker && finding.Code != DumpProgram.NoDump && options.IgnoredFindings.Contains(finding.Code, StringComparer.OrdinalIgnoreCase)
            ? finding with { Severity = Severity.Warning, Detail = $"{finding.Detail} It would block, but --ignore {finding.Code} was given.".TrimStart() }
            : finding;

    // By doing what will be done, and taking it back.
    static async Task ProveWritableAsync(Server target, NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync("CREATE SCHEMA pgbaton", ct);
            await transaction.RollbackAsync(ct);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            throw Errors.TargetNotWritable(target.Address, "it is read-only", failure);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw Errors.TargetMayNotCreate(target.Address, target.User, failure);
        }
    }
}
