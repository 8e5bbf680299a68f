namespace PgBaton.Cli.Views;

/// <summary>Keeps the picture for what a command says at its end.</summary>
sealed class PictureView(Picture picture) : IView
{
    public void Show(DateTimeOffset at, MigrationEvent happened) => picture.See(at, happened);

    public void Tick()
    {
        // Nothing is drawn.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
