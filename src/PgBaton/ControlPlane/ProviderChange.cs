namespace PgBaton.ControlPlane;

/// <summary>What is about to be done at a provider, told before anything is.</summary>
/// <param name="What">One sentence for each thing, in order; empty: all is as it should be.</param>
/// <param name="Restarts">What stops for a moment; null: nothing.</param>
/// <param name="Irreversible">What cannot be taken back; null: nothing.</param>
/// <param name="RunAsync">Does it, and waits until it is complete; tells each step. Returns what to know afterwards, field by field.</param>
public sealed record ProviderChange(
    IReadOnlyList<string> What, string? Restarts, string? Irreversible, Func<Action<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>> RunAsync)
{
    /// <summary>All is as it should be.</summary>
    public static ProviderChange Nothing { get; } = new([], null, null, (_, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>()));
}
