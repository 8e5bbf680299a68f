using System.Collections.Immutable;
using System.Globalization;

namespace PgBaton.Providers;

/// <summary>
/// The extensions that a provider's documentation lists, as of a day; embedded as <c>extensions.neon.txt</c> and the like. A list grows old: what a
/// server says of itself comes first.
/// </summary>
sealed class ExtensionList
{
    readonly ImmutableArray<int> _majors;
    readonly ImmutableDictionary<string, ImmutableArray<string?>> _versions;

    ExtensionList(DateOnly readOn, ImmutableArray<int> majors, ImmutableDictionary<string, ImmutableArray<string?>> versions)
        => (ReadOn, _majors, _versions) = (readOn, majors, versions);

    /// <summary>As <c>--target-provider</c> takes them.</summary>
    public static ImmutableArray<string> Names { get; } = ["neon", "planetscale"];

    /// <summary>The day on which the provider's page was read.</summary>
    public DateOnly ReadOn { get; }

    public IEnumerable<string> Extensions => _versions.Keys.Order(StringComparer.Ordinal);

    /// <summary>One of <see cref="Names"/>.</summary>
    public static ExtensionList Of(string name) => Read(name);

    /// <summary>Null where the list does not have it for that major version of PostgreSQL.</summary>
    public string? Version(string extension, int major)
        => _versions.TryGetValue(extension, out var versions) && _majors.IndexOf(major) is >= 0 and var column ? versions[column] : null;

    public bool Has(string extension, int major) => Version(extension, major) is not null;

    /// <summary>For that major version, or for a newer one that could be moved to.</summary>
    public bool HasFrom(string extension, int major) => _majors.Any(other => other >= major && Has(extension, other));

    /// <summary>What the list says of it.</summary>
    public string Sentence(string provider, string extension, int major)
    {
        var list = $"{provider}'s list of {ReadOn:yyyy-MM-dd}";
        var elsewhere = _majors.Where(other => Has(extension, other)).ToList();
        return Version(extension, major) is { } version ? $"{list} has {extension} {version} for PostgreSQL {major}: it may have to be allowed in the settings first."
            : elsewhere.Count == 0 ? $"{list} does not have {extension}."
            : $"{list} has {extension} for PostgreSQL {string.Join(", ", elsewhere)}, not for {major}.";
    }

    // Lines: "# …"; "date 2026-09-27"; "majors 17 18"; then a name and for each major its version or "-".
    static ExtensionList Read(string name)
    {
        using var stream = typeof(ExtensionList).Assembly.GetManifestResourceStream($"extensions.{name}.txt")
            ?? throw new ArgumentException($"there is no list of {name}", nameof(name));
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(' ')).ToList();
        return new(
            DateOnly.ParseExact(lines[0][1], "yyyy-MM-dd", CultureInfo.InvariantCulture),
            [.. lines[1].Skip(1).Select(major => int.Parse(major, CultureInfo.InvariantCulture))],
            lines.Skip(2).ToImmutableDictionary(
                words => words[0], words => words.Skip(1).Select(version => version == "-" ? null : version).ToImmutableArray(), StringComparer.Ordinal));
    }
}
