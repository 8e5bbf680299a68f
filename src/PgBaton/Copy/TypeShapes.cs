using PgBaton.Catalog;

namespace PgBaton.Copy;

/// <summary>
/// What the binary form of a type consists of on one server. Where both servers have the same shape, the bytes of one are read by the other
/// as the same value; where a type has none, values travel as text.
/// </summary>
sealed class TypeShapes(IReadOnlyDictionary<uint, DataType> types)
{
    // Their functions to receive refuse every value; those of the vectors and of tsquery refuse their own empty one.
    static readonly HashSet<string> _notReceived =
    [
        "pg_node_tree", "pg_ndistinct", "pg_dependencies", "pg_mcv_list", "pg_brin_bloom_summary", "pg_brin_minmax_multi_summary",
        "int2vector", "oidvector", "tsquery",
    ];

    readonly Dictionary<uint, string?> _known = [];

    /// <summary>Null if a value cannot travel in binary form.</summary>
    public string? Of(uint oid)
    {
        if (!_known.TryGetValue(oid, out var shape))
            _known[oid] = shape = types.TryGetValue(oid, out var type) && type.HasBinary ? Describe(type) : null;
        return shape;
    }

    // From 14 on a server takes arrays and composites whose types have other oids than its own, unless both oids are built in.
    string? Describe(DataType type) => type switch
    {
        { IsArray: true } => Around("array", Of(type.PartOid)),
        { Kind: 'd' } => Of(type.PartOid),
        { Kind: 'r' } => Around("range", Of(type.PartOid)),
        { Kind: 'm' } => Around("multirange", Of(type.PartOid)),
        { Kind: 'c' } => type.AttributeOids.Select(Of).ToList() is var parts && parts.Contains(null) ? null : $"({string.Join(',', parts)})",
        { Kind: 'e' } => "enum", // Sent as its label.
        { Kind: 'b', IsBuiltIn: true } => IsPassedByOid(type) || _notReceived.Contains(type.Name) ? null : type.Name,
        { Kind: 'b', Extension: { } extension } => $"{extension} {type.Name}",
        _ => null,
    };

    // regclass and its like are sent as an oid, which is another object on another server.
    static bool IsPassedByOid(DataType type) => type.Name.StartsWith("reg", StringComparison.Ordinal);

    static string? Around(string kind, string? part) => part is null ? null : $"{kind}({part})";
}
