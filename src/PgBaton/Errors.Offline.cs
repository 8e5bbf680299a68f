using PgBaton.Verify;

namespace PgBaton;

static partial class Errors
{
    public static Warning WritesNotCarried(string when) => new(
        "PB0416",
        $"what is written on the source after its snapshot was taken is not carried to the target (--offline): {when}",
        "Keep the application from writing, or abort and begin again with --fence-first, which closes the source itself.");

    public static Warning SourceStaysClosed() => new(
        "PB0415",
        "the source is closed for writers from now on (--fence-first)",
        "It stays so, whatever becomes of this process, until the target is opened by \"pgbaton cutover\" or the migration is given up by \"pgbaton abort\".");

    /// <summary>The fence of this cutover was lifted, the gate that was closed before the copy was not.</summary>
    public static MigrationException StillHeld(MigrationException error) => new(
        error.Code, error.ExitCode, error.Message,
        detail: "The source stays closed for writers (--fence-first).",
        hint: "Mend the cause and say cutover again; \"pgbaton abort\" gives the migration up and opens the source.", about: error.About, inner: error.InnerException);

    public static MigrationException NothingFollowed() => new(
        "PB0213", ExitCode.Usage,
        "the target of a migration with --offline is never in sync",
        detail: "It gets what the source held when the copy began, and nothing that is written afterwards.",
        hint: "Say --until copied; or abort and begin again with --fence-first.", about: "--until in-sync");

    public static MigrationException SourceNotClosed(TimeSpan patience, string writers) => new(
        "PB0722", ExitCode.Failed,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the source could not be closed for writers within {patience.TotalSeconds:0.#} s: {writers}"),
        detail: "Nothing was closed; whoever was made to wait goes on.",
        hint: "End those transactions, or allow more time with --lock-timeout, then run the same command again.", about: "pgbaton.gate");

    /// <summary>At the cutover of a migration that followed nothing.</summary>
    public static Warning SidesApart(IReadOnlyList<TableVerification> differing, IReadOnlyList<string> notCompared, int? largeObjects)
    {
        var rows = differing.Sum(table => table.DifferenceCount ?? table.Differences.Count);
        var isExact = notCompared.Count == 0 && largeObjects is not null && differing.All(table => table.DifferenceCount is not null);
        List<string> parts = [.. differing.Take(TablesNamed).Select(Describe)];
        if (differing.Count > TablesNamed)
            parts.Add($"And {differing.Count - TablesNamed} more.");
        if (largeObjects is > 0)
            parts.Add($"{largeObjects} large objects.");
        if (notCompared.Count > 0)
            parts.Add($"Not compared, because time was short: {string.Join(", ", notCompared.Take(TablesNamed))}{(notCompared.Count > TablesNamed ? $" and {notCompared.Count - TablesNamed} more" : "")}.");
        return new Warning(
            "PB0721",
            $"{(isExact ? "" : "at least ")}{rows} rows of {differing.Count} tables were written on the source after the copy and are not on the target"
            + (notCompared.Count > 0 ? $"; {notCompared.Count} tables could not be compared" : ""),
            string.Join(' ', parts));
    }
}
