using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(PgBaton.Faults.LongestFirst))]

namespace PgBaton.Faults;

/// <summary>Classes whose scenes mostly wait begin first: at the end of a run they would wait alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    static readonly string[] _first = [nameof(SignalTests), nameof(FencePointTests), nameof(WalTests), nameof(NetworkTests), nameof(RandomKillTests)];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
        => [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName)).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    static int Place(string name) => Array.FindIndex(_first, name.Contains) is >= 0 and var place ? place : _first.Length;
}
