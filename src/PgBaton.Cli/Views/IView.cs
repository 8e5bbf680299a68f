namespace PgBaton.Cli.Views;

/// <summary>Shows a run to somebody. Called by one consumer, never at the same time.</summary>
interface IView : IAsyncDisposable
{
    /// <summary>Something happened.</summary>
    void Show(DateTimeOffset at, MigrationEvent happened);

    /// <summary>Nothing did for a while: time to redraw what changes with the clock.</summary>
    void Tick();
}
