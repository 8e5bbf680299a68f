using System.Runtime.CompilerServices;

namespace PgBaton.Catalog;

/// <summary>The catalog queries, one .sql file each, named like the property. A test prepares every one of them on every supported server.</summary>
static class Query
{
    // A part of some of them, for the table c: $columns$.
    static readonly string _columnsDigest = Load("ColumnsDigest");

    public static string Tables { get; } = Load();
    public static string TableShapes { get; } = Load();
    public static string DefinitionStamps { get; } = Load();
    public static string Columns { get; } = Load();
    public static string PartNumbers { get; } = Load();
    public static string TablesWithType { get; } = Load();
    public static string ColumnDefinitions { get; } = Load();
    public static string Equalities { get; } = Load();
    public static string ArrayTypes { get; } = Load();
    public static string ActsOnRows { get; } = Load();
    public static string Sequences { get; } = Load();
    public static string TableParts { get; } = Load();
    public static string ChildTables { get; } = Load();
    public static string IndexExtensions { get; } = Load();
    public static string ExtensionUses { get; } = Load();
    public static string ForeignNeeds { get; } = Load();
    public static string LeftBehind { get; } = Load();
    public static string Holds { get; } = Load();
    public static string FunctionChecks { get; } = Load();
    public static string LeaningExpressions { get; } = Load();
    public static string ForeignKeys { get; } = Load();
    public static string EventTriggers { get; } = Load();
    public static string TruncatedAlong { get; } = Load();
    public static string Types { get; } = Load();
    public static string GeneratedIdentities { get; } = Load();
    public static string NeededRoles { get; } = Load();
    public static string ExtensionMembers { get; } = Load();
    public static string ExtensionConfiguration { get; } = Load();
    public static string LargeObjects { get; } = Load();
    public static string LargeObjectDigests { get; } = Load();
    public static string ServerFacts { get; } = Load();
    public static string TableFacts { get; } = Load();
    public static string UserObjects { get; } = Load();
    public static string SuperuserObjects { get; } = Load();

    static string Load([CallerMemberName] string name = "")
    {
        var file = $"{char.ToLowerInvariant(name[0])}{name[1..]}.sql";
        using var stream = typeof(Query).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("$columns$", _columnsDigest, StringComparison.Ordinal);
    }
}
