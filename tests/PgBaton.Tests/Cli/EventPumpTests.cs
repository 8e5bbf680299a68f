using PgBaton.Cli.Views;

namespace PgBaton.Tests.Cli;

public sealed class EventPumpTests
{
    [Fact]
    public async Task events_of_many_threads_are_shown_one_at_a_time_and_none_is_lost()
    {
        var view = new RecordingView();
        await using (var pump = new EventPump([view], TimeProvider.System))
            await Parallel.ForEachAsync(Enumerable.Range(0, 500), (i, _) =>
            {
                pump.Add(new Notice($"{i}"));
                pump.Add(new CopyProgress("t", i, 500));
                return ValueTask.CompletedTask;
            });

        Assert.Equal(500, view.Seen.OfType<Notice>().Select(notice => notice.Message).Distinct().Count());
        Assert.NotEmpty(view.Seen.OfType<CopyProgress>());
        Assert.True(view.IsDisposed);
    }

    [Fact]
    public async Task a_view_that_stands_still_costs_progress_but_nothing_else()
    {
        using var gate = new SemaphoreSlim(0);
        var view = new RecordingView { Gate = gate };
        await using (var pump = new EventPump([view], TimeProvider.System))
        {
            for (var i = 0; i < 5000; i++)
            {
                pump.Add(new CopyProgress("t", i, 5000));
                if (i % 10 == 0)
                    pump.Add(new Notice($"{i}"));
            }

            gate.Release(10_000);
        }

        Assert.Equal(500, view.Seen.OfType<Notice>().Count());
        Assert.InRange(view.Seen.OfType<CopyProgress>().Count(), 500, 1100);
    }

    sealed class RecordingView : IView
    {
        public List<MigrationEvent> Seen { get; } = [];

        public SemaphoreSlim? Gate { get; init; }

        public bool IsDisposed { get; private set; }

        public void Show(DateTimeOffset at, MigrationEvent happened)
        {
            Gate?.Wait();
            Seen.Add(happened);
        }

        public void Tick()
        {
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
