using PgBaton.Cli.Json;

namespace PgBaton.Cli.Views;

/// <summary>Every event as a line for programs.</summary>
sealed class JsonView(EventWriter writer) : IView
{
    public void Show(DateTimeOffset at, MigrationEvent happened) => writer.Write(at, happened);

    public void Tick()
    {
        // A program has its own clock.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
