namespace PgBaton.Web;

/// <summary>What a visitor is told who is not let in, or not understood.</summary>
static class Refusals
{
    public static ErrorReport NoToken() => Of(
        "PB0040", "the token is missing or wrong", null,
        "Open the URL that \"pgbaton serve\" printed; programs send the token as \"Authorization: Bearer TOKEN\".");

    public static ErrorReport Foreign(string what) => Of(
        "PB0041", $"refused: {what}", "Another site may be acting in your browser's name, or a name was made to point here.",
        "Come by the address that \"pgbaton serve\" printed, or name the host with --host.");

    public static ErrorReport NotUnderstood(string why)
        => Of("PB0042", $"the request cannot be understood: {why}", null, "See /api/v1/openapi.json.");

    public static ErrorReport NotFound(string what)
        => Of("PB0043", $"there is no {what} here", null, "GET /api/v1/migrations lists what is known to this process.");

    public static ErrorReport SourceSilent(string why) => Of(
        "PB1001", $"the source does not answer to the new connection string: {why}", "The one that is known works; it is kept.", "Give the right one.");

    public static ErrorReport HasBegun() => Of(
        "PB0207", "it has begun: what is moved is fixed now", "What was chosen here just now is not what it began with, and was not taken.", "To move something else, abort it and begin again.");

    public static ErrorReport NotConfirmed(string word, string name) => Of(
        "PB0022", "not confirmed; nothing was changed", $"\"{word}\" wants the name of the migration.", $"Send \"confirm\": \"{name}\" with it.");

    public static ErrorReport AnotherProposal() => Of(
        "PB0022", "not confirmed; nothing was changed", "What would be done is not what was proposed, or nothing was.",
        "Ask again without \"confirm\", read what would be done, and send the \"confirm\" of that answer.");

    static ErrorReport Of(string code, string message, string? detail, string hint) => new(code, Sqlstate: null, message, detail, hint, Object: null);
}
