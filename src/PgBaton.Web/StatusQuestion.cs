namespace PgBaton.Web;

/// <summary>The status, or why there is none; neither tells a password.</summary>
static class StatusQuestion
{
    public static async Task<(MigrationStatus? Status, ErrorReport? Failure)> AskAsync(MigrationOptions options, Renderings renderings, CancellationToken ct)
    {
        try
        {
            var status = await Migration.StatusAsync(options, ct);
            return (status with
            {
                LastError = status.LastError?.WithoutPasswords(),
                Refused = status.Refused is { } refused ? refused with { Error = refused.Error.WithoutPasswords() } : null,
                SourceError = Secrets.Remove(status.SourceError),
            }, null);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            return (null, renderings.Report(failure));
        }
    }
}
