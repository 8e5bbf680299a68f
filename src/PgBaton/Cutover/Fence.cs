namespace PgBaton.Cutover;

sealed class Fence : IAsyncDisposable
{
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
