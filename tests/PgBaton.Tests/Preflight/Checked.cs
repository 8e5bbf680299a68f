using System.Text.Json;

namespace PgBaton.Tests.Preflight;

/// <summary>A preflight of two databases, and what its report must hold.</summary>
static class Checked
{
    static readonly string _clients = Path.Combine(Environment.GetEnvironmentVariable("PGBATON_POSTGRES") ?? "/var/cache/pgbaton/postgres", "client", "bin");

    public static MigrationOptions Options(string source, string target = "") => new()
    {
        Source = source, Target = target, PgBin = Directory.Exists(_clients) ? _clients : null,
    };

    public static Task<CheckReport> AskAsync(TestDatabase source, TestDatabase? target = null)
        => Migration.CheckAsync(Options(source.Uri, target?.Uri ?? ""), CancellationToken.None);

    public static Task<CheckReport> AskAsync(string source, string target = "") => Migration.CheckAsync(Options(source, target), CancellationToken.None);

    /// <summary>The only finding of that code, which must have that severity.</summary>
    public static Finding MustHave(this CheckReport report, string code, Severity severity)
    {
        var finding = Assert.Single(report.Findings, finding => finding.Code == code && finding.Severity > Severity.Ok);
        Assert.Equal(severity, finding.Severity);
        if (severity is Severity.Blocker)
            Assert.Equal(ExitCode.Blocked, report.ExitCode);
        return finding;
    }

    public static string Json(this CheckReport report) => JsonSerializer.Serialize(report);
}
