using System.Security.Cryptography;
using System.Text;

namespace PgBaton.Schema;

/// <summary>
/// What may differ between both sides: what did when the target had been made, and what the operator has accepted since. Of an object that both have it is the lines
/// that differ: whatever else becomes of it is another difference.
/// </summary>
sealed class KnownDifferences
{
    readonly HashSet<string> _keys;

    KnownDifferences(IEnumerable<string> keys) => _keys = [.. keys];

    public bool Has(SchemaDifference difference) => _keys.Contains(Key(difference));

    public static KnownDifferences Of(IEnumerable<SchemaDifference> differences) => new(differences.Select(Key));

    /// <summary>Null: both sides were never compared.</summary>
    public static async Task<KnownDifferences?> ReadAsync(Migration migration, CancellationToken ct)
        => await migration.Journal.GetFactAsync(Fact.KnownDifferences, ct) is { } lines ? new(lines.Split('\n')) : null;

    public static async Task AddAsync(Migration migration, IEnumerable<SchemaDifference> differences, CancellationToken ct)
    {
        var known = (await ReadAsync(migration, ct))?._keys ?? [];
        await migration.Journal.SetFactAsync(Fact.KnownDifferences, string.Join('\n', known.Union(differences.Select(Key))), ct);
    }

    static string Key(SchemaDifference difference)
        => difference.Source is null ? difference.Object : $"{difference.Object}\t{Digest(string.Join('\n', SchemaText.Differences(difference.Source, difference.Target ?? "")))}";

    static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
