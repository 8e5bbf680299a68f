using System.Diagnostics;
using PgBaton.Catalog;
using PgBaton.Copy;
using PgBaton.Postgres;

namespace PgBaton.Tests.Copy;

/// <summary>A source with rows, a target with the same tables and a journal that lists them: the moment at which <c>copy</c> begins.</summary>
sealed class CopyScene : IAsyncDisposable
{
    CopyScene(TestDatabase source, TestDatabase target, Migration migration) => (Source, Target, Migration) = (source, target, migration);

    public TestDatabase Source { get; }

    public TestDatabase Target { get; }

    public Migration Migration { get; private set; }

    public List<MigrationEvent> Events { get; } = [];

    public static async Task<CopyScene> CreateAsync(
        string schemaAndRows, Func<MigrationOptions, MigrationOptions>? configure = null, string section = "pre-data", int? source = null, int? target = null,
        (string Name, string Password)? targetRole = null)
    {
        var from = await (source is { } older ? TestServer.Of(older) : TestServer.Source).CreateDatabaseAsync();
        var to = await (target is { } newer ? TestServer.Of(newer) : TestServer.Target).CreateDatabaseAsync();
        Assert.DoesNotContain("ERROR", await CaseFile.PsqlAsync(from, schemaAndRows), StringComparison.Ordinal);
        Assert.DoesNotContain("ERROR", await CaseFile.PsqlAsync(to, await DumpAsync(from, section)), StringComparison.Ordinal);
        var targetUri = to.Uri;
        if (targetRole is { } role)
        {
            await to.ExecuteAsync($"ALTER DATABASE {to.Name} OWNER TO {role.Name}; GRANT ALL ON SCHEMA public TO {role.Name}");
            await to.ExecuteAsync($"DO $$ DECLARE t text; BEGIN FOR t IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE 'ALTER TABLE ' || t || ' OWNER TO {role.Name}'; END LOOP; END $$");
            targetUri = new UriBuilder(to.Uri) { UserName = role.Name, Password = role.Password }.Uri.ToString();
        }

        var options = new MigrationOptions
        {
            Source = from.Uri, Target = targetUri, Jobs = 2, SlotTimeout = TimeSpan.FromMinutes(3),
            IgnoredFindings = [.. Enumerable.Range(1000, 100).Select(number => $"PB{number}")], // The target has tables already.
        };
        var scene = new CopyScene(from, to, Migration.Open(configure?.Invoke(options) ?? options));
        await scene.Migration.ConnectAsync(default);
        scene.Migration.Happened += scene.Record;
        await scene.FillJournalAsync();
        return scene;
    }

    public Task CopyAsync(CancellationToken ct = default) => CopyTables.RunAsync(Migration, ct);

    /// <summary>Another process takes the migration over; the former one only slept.</summary>
    public async Task TakeOverAsync()
    {
        var options = Migration.Options;
        await Migration.DisposeAsync();
        Migration = Migration.Open(options);
        await Migration.ConnectAsync(default);
        Migration.Happened += Record;
    }

    /// <summary>Does something once, inside the handler of the first event that fits, while the engine waits for it.</summary>
    public void Once(Func<MigrationEvent, bool> fits, Func<Task<bool>> act)
    {
        var done = 0;
        Migration.Happened += happened =>
        {
            if (fits(happened) && Interlocked.CompareExchange(ref done, 1, 0) == 0 && !Task.Run(act).GetAwaiter().GetResult())
                done = 0;
        };
    }

    public static bool IsSnapshotTaken(MigrationEvent happened) => happened is Notice notice && notice.Message.StartsWith("copying ", StringComparison.Ordinal);

    public async Task AssertEqualAsync() => Assert.Equal(await RowOracle.ReadAsync(Source), await RowOracle.ReadAsync(Target));

    public async ValueTask DisposeAsync()
    {
        await Migration.DisposeAsync();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }

    void Record(MigrationEvent happened)
    {
        lock (Events)
            Events.Add(happened);
    }

    async Task FillJournalAsync()
    {
        await using var connection = await Migration.Source.OpenAsync("test", default);
        foreach (var table in (await Table.ListAsync(connection, default)).Where(table => table.HoldsRows))
        {
            await Migration.Journal.TakeTurnAsync(c => c.ExecuteAsync(
                "INSERT INTO pgbaton.relation (oid, schema, name, bytes_total) VALUES ($1, $2, $3, $4)", default,
                table.Oid, table.Schema, table.Name, table.Bytes), default);
        }
    }

    static async Task<string> DumpAsync(TestDatabase source, string section)
    {
        var start = new ProcessStartInfo("pg_dump", ["--schema-only", .. section == "all" ? Array.Empty<string>() : [$"--section={section}"], "--no-owner", "--no-publications", source.Uri])
        {
            RedirectStandardOutput = true,
        };
        using var dump = Process.Start(start)!;
        var sql = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return sql.Replace("CREATE SCHEMA public;", "", StringComparison.Ordinal);
    }
}
