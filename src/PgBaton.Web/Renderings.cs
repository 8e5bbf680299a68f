using System.Text.Json.Nodes;
using PgBaton.Evidence;

namespace PgBaton.Web;

/// <summary>What the terminal shows and the page shows too, made by the same code.</summary>
public sealed record Renderings
{
    /// <summary>An event in one line; null for those that only move a bar.</summary>
    public required Func<MigrationEvent, string?> Sentence { get; init; }

    /// <summary>The report as one HTML page.</summary>
    public required Func<MigrationReport, string> ReportPage { get; init; }

    /// <summary>The line of the report's lag, so many pixels wide; null where there are too few points.</summary>
    public required Func<IReadOnlyList<ReportedLag>, double, JsonObject?> LagPlot { get; init; }

    /// <summary>Any exception as an error of ours.</summary>
    public required Func<Exception, MigrationException> ErrorOf { get; init; }

    /// <summary>The same error without passwords.</summary>
    internal ErrorReport Report(Exception failure) => ErrorReport.Of(ErrorOf(failure))!.WithoutPasswords();
}
