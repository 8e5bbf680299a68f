using PgBaton.Evidence;

namespace PgBaton.Web;

/// <summary>What the terminal shows and the page shows too, made by the same code.</summary>
public sealed record Renderings
{
    /// <summary>An event in one line; null for those that only move a bar.</summary>
    public required Func<MigrationEvent, string?> Sentence { get; init; }

    /// <summary>The report as one HTML page.</summary>
    public required Func<MigrationReport, string> ReportPage { get; init; }

    /// <summary>Any exception as an error of ours.</summary>
    public required Func<Exception, MigrationException> ErrorOf { get; init; }

    /// <summary>A text without the passwords that stand in connection strings.</summary>
    public required Func<string, string> WithoutPasswords { get; init; }

    /// <summary>The same error without passwords.</summary>
    internal ErrorReport Report(Exception failure) => Clean(ErrorReport.Of(ErrorOf(failure))!);

    internal ErrorReport Clean(ErrorReport error) => error with
    {
        Message = WithoutPasswords(error.Message),
        Detail = error.Detail is null ? null : WithoutPasswords(error.Detail),
        Hint = error.Hint is null ? null : WithoutPasswords(error.Hint),
        Object = error.Object is null ? null : WithoutPasswords(error.Object),
    };
}
