using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace PgBaton.Web;

/// <summary>The migrations that this process knows. A target holds one at most, so its address names it, in every process the same.</summary>
sealed class MigrationList(Renderings renderings, Func<MigrationOptions, MigrationOptions> complete, TimeProvider time) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, ListedMigration> _listed = new();

    /// <summary>By address.</summary>
    public IReadOnlyList<ListedMigration> All
        => [.. _listed.Values.OrderBy(listed => Migration.AddressesOf(listed.Options).Target, StringComparer.Ordinal)];

    /// <exception cref="MigrationException">PB0001.</exception>
    public (ListedMigration Listed, bool IsNew, MigrationOptions Options) Add(MigrationOptions named)
    {
        var options = Complete(named);
        var address = Migration.AddressesOf(options).Target ?? "";
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..12];
        var made = new ListedMigration(id, options, renderings, time);
        var listed = _listed.GetOrAdd(id, made);
        return (listed, listed == made, options);
    }

    /// <summary>With what is done with every migration here.</summary>
    public MigrationOptions Complete(MigrationOptions named) => complete(named);

    public ListedMigration? Find(string? id) => id is not null && _listed.TryGetValue(id, out var listed) ? listed : null;

    /// <summary>It is known no longer; an engine of this process stops, and can go on anywhere.</summary>
    public async Task RemoveAsync(ListedMigration listed)
    {
        if (_listed.TryRemove(listed.Id, out _))
            await listed.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_listed.Values.Select(listed => listed.DisposeAsync().AsTask()));
}
