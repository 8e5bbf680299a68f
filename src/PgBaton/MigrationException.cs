namespace PgBaton;

/// <summary>A failure the operator can act on, in the shape PostgreSQL reports its own: message, detail, hint.</summary>
public sealed class MigrationException : Exception
{
    internal MigrationException(
        string code, ExitCode exitCode, string message, string? detail = null, string? hint = null, string? about = null, Exception? inner = null)
        : base(message, inner)
        => (Code, ExitCode, Detail, Hint, About) = (code, exitCode, detail, hint, about);

    /// <summary>Stable identifier (<c>PB0123</c>) with a page of its own in docs/errors, shown by <c>pgbaton explain</c>.</summary>
    public string Code { get; }

    /// <summary>What the process that ran into it returns.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>Facts that did not fit on the message line. Whole sentences.</summary>
    public string? Detail { get; }

    /// <summary>What the operator can do about it. Whole sentences.</summary>
    public string? Hint { get; }

    /// <summary>The table, slot, server … it is about, quoted as in SQL; null if it is about none.</summary>
    public string? About { get; }

    /// <summary>The server's SQLSTATE, where a server's error is behind it.</summary>
    public string? SqlState => (InnerException as Npgsql.PostgresException)?.SqlState;
}
