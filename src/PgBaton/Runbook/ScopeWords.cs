namespace PgBaton.Runbook;

/// <summary>What is moved, as options of <c>migrate</c>: what was said to <c>plan</c>, said again. Pure.</summary>
static class ScopeWords
{
    /// <summary>With a blank in front of each; empty for everything.</summary>
    public static string Of(MigrationOptions options)
        => string.Concat(Words(options).Select(word => $" {word}"));

    static IEnumerable<string> Words(MigrationOptions options) =>
    [
        .. Many("-n", options.Schemas), .. Many("-N", options.ExcludedSchemas), .. Many("-t", options.Tables), .. Many("-T", options.ExcludedTables),
        .. Flag("--existing-schema", options.ExistingSchema), .. Flag("--owners", options.Owners), .. Flag("--privileges", options.Privileges),
        .. Flag("--roles", options.Roles), .. Flag("--no-security-labels", options.NoSecurityLabels), .. One("--target-owner", options.TargetOwner),
        .. Flag("--replica-identity full", options.ReplicaIdentityFull), .. One("--large-objects", options.LargeObjects?.ToString().ToLowerInvariant()),
        .. One("--via", options.Via?.ToString().ToLowerInvariant()), .. One("--pg-bin", options.PgBin), .. Many("--ignore", options.IgnoredFindings),
    ];

    static IEnumerable<string> Many(string option, IEnumerable<string> values) => values.Select(value => $"{option} {ShellText.Quoted(value)}");

    static IEnumerable<string> One(string option, string? value) => value is null ? [] : [$"{option} {ShellText.Quoted(value)}"];

    static IEnumerable<string> Flag(string option, bool isSet) => isSet ? [option] : [];
}
