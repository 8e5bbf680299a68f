using PgBaton.Postgres;
using PgBaton.Tests.Status;

namespace PgBaton.Tests;

public sealed class JournalSessionTests
{
    [Fact]
    public async Task everybody_who_waits_for_a_session_that_is_lost_hears_that_it_may_be_tried_again()
    {
        await using var test = await JournalOfTest.BeginAsync();
        var asleep = test.Journal.TakeTurnAsync(c => c.ExecuteAsync("SELECT pg_sleep(60)", default), default);
        var waiting = Enumerable.Range(0, 3).Select(_ => test.Journal.GetFactAsync(Fact.Writer, default)).ToList();
        await test.Target.WaitForAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%')");
        await test.Target.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'");

        foreach (var caller in (Task[])[asleep, .. waiting])
        {
            var failure = await Record.ExceptionAsync(() => caller);
            Assert.True(failure is not null && Transient.Is(failure), $"{failure}");
        }
    }
}
