namespace PgBaton;

/// <summary>An error as it stands in the journal and in <c>--json</c>.</summary>
public sealed record ErrorReport(string Code, string? Sqlstate, string Message, string? Detail, string? Hint, string? Object)
{
    /// <summary>The same without the passwords that stand in connection strings.</summary>
    public ErrorReport WithoutPasswords() => this with
    {
        Message = Secrets.Remove(Message),
        Detail = Secrets.Remove(Detail),
        Hint = Secrets.Remove(Hint),
        Object = Secrets.Remove(Object),
    };

    /// <summary>Null for null.</summary>
    public static ErrorReport? Of(MigrationException? error)
        => error is null ? null : new(error.Code, error.SqlState, error.Message, error.Detail, error.Hint, error.About);
}
