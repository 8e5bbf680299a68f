namespace PgBaton;

static partial class Errors
{
    public static MigrationException NoApiKey(string provider, string detail, string hint) => new(
        "PB0901", ExitCode.Usage, $"there is no key for the API of {provider}", detail, hint);

    public static MigrationException ApiRefused(string provider, string method, string what, int status, string? said) => new(
        "PB0902", ExitCode.Failed,
        $"the API of {provider} refused {method} {what}: status {status}",
        detail: said is null ? null : $"It says: {said}",
        hint: status is 401 or 403 ? "The key is not valid, has expired, or may not do this." : "See the provider's status page; the same command can be given again.");

    public static MigrationException ApiUnreachable(string provider, string host, Exception inner) => new(
        "PB0903", ExitCode.Failed, $"the API of {provider} at {host} does not answer", Sentence(inner.Message),
        "Whether a change was carried out is not known: give the same command again, it looks first.", about: host, inner: inner);

    public static MigrationException ApiDidNotDoIt(string provider, string why) => new(
        "PB0904", ExitCode.Failed, $"{provider} has not carried the change out: {why}", detail: null,
        "Look at the provider's console; the same command can be given again.");
}
