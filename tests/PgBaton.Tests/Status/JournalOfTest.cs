using PgBaton.Postgres;

namespace PgBaton.Tests.Status;

/// <summary>A real journal on a real target, and this process as its engine.</summary>
sealed class JournalOfTest : IAsyncDisposable
{
    JournalOfTest(TestDatabase source, TestDatabase target, Journal journal) => (Source, Target, Journal) = (source, target, journal);

    public TestDatabase Source { get; }

    public TestDatabase Target { get; }

    public Journal Journal { get; private set; }

    public MigrationOptions Options => new() { Source = Source.Uri, Target = Target.Uri };

    public static async Task<JournalOfTest> BeginAsync(params string[] stepsDone)
    {
        var (source, target) = (await TestServer.Source.CreateDatabaseAsync(), await TestServer.Target.CreateDatabaseAsync());
        var test = new JournalOfTest(source, target, null!);
        await test.TakeAsync();
        foreach (var step in stepsDone)
        {
            await test.Journal.StepStartedAsync(step, default);
            await test.Journal.StepDoneAsync(step, default);
        }

        return test;
    }

    /// <summary>Every step before this one is done, and this one has begun.</summary>
    public static async Task<JournalOfTest> AtAsync(string step)
    {
        var test = await BeginAsync([.. Migration.Steps.TakeWhile(s => s.Name != step).Select(s => s.Name)]);
        await test.Journal.StepStartedAsync(step, default);
        return test;
    }

    public async Task TakeAsync()
    {
        var from = await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, Source.Uri), default);
        var to = await Server.ConnectAsync(Side.Target, ConnectionString.Parse(Side.Target, Target.Uri), default);
        Journal = await Journal.TakeAsync(to, new JournalHeader(from, to, Options), mayCreate: true, default);
    }

    /// <summary>As kill -9 leaves it: the lock is gone, the journal is not.</summary>
    public async Task DieAsync()
    {
        await Journal.DisposeAsync();
        await Target.WaitForAsync("SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))");
    }

    public Task<MigrationStatus> ReadAsync(bool withSource = true) => Migration.StatusAsync(withSource ? Options : Options with { Source = null });

    /// <summary>Again and again until the source, too, answered in time: what it says is the subject, not how busy this machine is.</summary>
    public async Task<MigrationStatus> ReadBothAsync()
    {
        while (true)
        {
            if (await ReadAsync() is { SourceError: null } status)
                return status;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}
