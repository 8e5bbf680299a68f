using PgBaton.Tests.Gate;
using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Offline;

/// <summary>kill -9 in the middle of the copy; and what else may become of a source that is held closed.</summary>
[Trait("Category", "Migration")]
[Trait("Length", "Long")]
public sealed class OfflineKillTests : IAsyncLifetime
{
    const string Schema =
        """
        CREATE TABLE first (id int PRIMARY KEY, v text); INSERT INTO first SELECT g, repeat('x', 100) FROM generate_series(1, 2000) g;
        CREATE TABLE last (id int PRIMARY KEY, v text); INSERT INTO last VALUES (1, 'y');
        """;

    TestDatabase _source = null!, _target = null!;

    MigrationOptions Held => Checked.Options(_source.Uri, _target.Uri) with { Offline = true, FenceFirst = true };

    public async ValueTask InitializeAsync()
    {
        _source = await TestServer.Source.CreateDatabaseAsync();
        _target = await TestServer.Target.CreateDatabaseAsync();
        await _source.ExecuteAsync(Schema);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task a_source_that_is_held_stays_so_and_the_copy_goes_on_table_by_table()
    {
        await KillWhenFirstIsCopiedAsync("--fence-first");
        Assert.Equal("25006", await GatePair.FailureAsync(_source, "UPDATE first SET v = 'z'"));
        var status = await Migration.StatusAsync(Held);
        Assert.Equal(("stopped", "copy", "none", "pgbaton migrate"), (status.State, status.Step, status.Writer, status.Next));

        using var again = EngineProcess.Start(_source.Uri, _target.Uri, "--until", "copied"); // What was chosen is in the journal.
        var copied = new List<string>();
        await again.WaitForAsync(line =>
        {
            if (EngineProcess.Is(line, "table_copied"))
                copied.Add(line.GetProperty("table").GetString()!);
            return false;
        });
        Assert.Equal(0, (await again.EndAsync()).ExitCode);
        Assert.Equal(["\"public\".\"last\""], copied);
        await SayAsync("cutover");
        Assert.Equal((2000L, 2L), (await _target.QueryAsync<long>("SELECT count(*) FROM first"), await _target.QueryAsync<long>("SELECT count(*) FROM last")));
    }

    [Fact]
    public async Task a_copy_that_is_not_held_begins_anew_under_one_snapshot()
    {
        await KillWhenFirstIsCopiedAsync();
        await _source.ExecuteAsync("UPDATE first SET v = 'later'; UPDATE last SET v = 'later'"); // One transaction, over a table that was copied and one that was not.
        using var again = EngineProcess.Start(_source.Uri, _target.Uri, "--until", "copied");
        var copied = 0;
        await again.WaitForAsync(line =>
        {
            copied += EngineProcess.Is(line, "table_copied") ? 1 : 0;
            return false;
        });
        Assert.Equal((0, 2), ((await again.EndAsync()).ExitCode, copied));
        Assert.Equal(0L, await _target.QueryAsync<long>("SELECT (SELECT count(*) FROM first WHERE v <> 'later') + (SELECT count(*) FROM last WHERE v <> 'later')"));
    }

    [Fact]
    public async Task a_cutover_that_fails_leaves_it_held_and_abort_opens_it()
    {
        var before = (await SourceGateTests.DumpAsync(_source), await SourceGateTests.DumpAsync(_target));
        await using (var migration = Migration.Open(Held))
            await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2)); // Nothing can change any more: that is in sync.
        var failed = await AnswerAsync("cutover", new WordArguments { MaxDowntimeSeconds = 0.001 });
        Assert.Equal("The source stays closed for writers (--fence-first).", failed.Error!.Detail);
        Assert.Equal("25006", await GatePair.FailureAsync(_source, "UPDATE first SET v = 'z'"));
        foreach (var (word, arguments) in new[] { ("drift", new WordArguments { Apply = true }), ("tables", new WordArguments { RemoveTables = ["last"] }), ("verify", new WordArguments { Repair = true }) })
            Assert.Equal("PB0209", (await AnswerAsync(word, arguments)).Error!.Code);

        await SayAsync("abort");
        Assert.Null(await GatePair.FailureAsync(_source, "UPDATE first SET v = 'z'"));
        Assert.Equal(before, (await SourceGateTests.DumpAsync(_source), await SourceGateTests.DumpAsync(_target)));
    }

    [Fact]
    public async Task a_source_that_was_opened_meanwhile_is_not_cut_over_from()
    {
        await using (var migration = Migration.Open(Held))
            await migration.RunAsync(Goal.Copied).WaitAsync(TimeSpan.FromMinutes(2));
        await _source.ExecuteAsync("UPDATE pgbaton.gate SET is_held = false; ALTER TABLE first DISABLE TRIGGER ALL; UPDATE first SET v = 'z'");
        var refused = await AnswerAsync("cutover", new WordArguments());
        Assert.Equal((int)ExitCode.Differs, refused.ExitCode); // It is verified first.
        await _source.ExecuteAsync("UPDATE first SET v = repeat('x', 100)");
        Assert.Equal(0, (await AnswerAsync("verify", new WordArguments())).ExitCode);
        refused = await AnswerAsync("cutover", new WordArguments());
        Assert.Equal("PB0704", refused.Error!.Code);
        Assert.Contains("PB1711", refused.Error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_was_chosen_at_the_beginning_cannot_be_changed()
    {
        var options = Checked.Options(_source.Uri, _target.Uri) with { Offline = true };
        await using (var migration = Migration.Open(options))
            await migration.RunAsync(Goal.Copied).WaitAsync(TimeSpan.FromMinutes(2));
        await using (var other = Migration.Open(Held))
            Assert.Equal(("PB0207", ExitCode.Usage), CodeOf(await Assert.ThrowsAsync<MigrationException>(() => other.RunAsync(Goal.Copied))));
        await using (var never = Migration.Open(options with { Offline = false })) // Left out: the journal knows.
            Assert.Equal(("PB0213", ExitCode.Usage), CodeOf(await Assert.ThrowsAsync<MigrationException>(() => never.RunAsync(Goal.InSync))));
    }

    static (string, ExitCode) CodeOf(MigrationException failure) => (failure.Code, failure.ExitCode);

    // A writer in flight keeps the source from being closed until the last table of the target can no longer be emptied, so that the copy cannot end.
    async Task KillWhenFirstIsCopiedAsync(params string[] arguments)
    {
        await using var inFlight = await _source.OpenAsync();
        await new Npgsql.NpgsqlCommand("BEGIN; INSERT INTO last VALUES (2, 'in flight')", inFlight).ExecuteNonQueryAsync();
        using var engine = EngineProcess.Start(_source.Uri, _target.Uri, ["--offline", .. arguments]);
        Assert.NotNull(await engine.WaitForAsync(line => EngineProcess.IsStepStarted(line, "copy")));
        await using var locking = await _target.OpenAsync();
        await new Npgsql.NpgsqlCommand("BEGIN; LOCK TABLE last IN ACCESS SHARE MODE", locking).ExecuteNonQueryAsync();
        await new Npgsql.NpgsqlCommand("COMMIT", inFlight).ExecuteNonQueryAsync();
        Assert.NotNull(await engine.WaitForAsync(line => EngineProcess.Is(line, "table_copied") && line.GetProperty("table").GetString() == "\"public\".\"first\""));
        await engine.KillAsync();
    }

    async Task<WordOutcome> AnswerAsync(string word, WordArguments arguments)
    {
        await using var migration = Migration.Open(Held);
        return await migration.SayAsync(word, arguments).WaitAsync(TimeSpan.FromMinutes(2));
    }

    async Task SayAsync(string word)
    {
        var outcome = await AnswerAsync(word, new WordArguments { MaxDowntimeSeconds = 120 });
        Assert.True(outcome.ExitCode == 0, $"{word}: {outcome}");
    }
}
