namespace PgBaton.Verify;

static class VerifyTables
{
    public static Task<VerificationReport> RunAsync(Migration migration, VerifyOptions options, CancellationToken ct) => throw new NotImplementedException();
}

sealed record VerifyOptions;

sealed record VerificationReport(bool IsEqual);
