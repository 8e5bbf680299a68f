namespace PgBaton.Preflight;

/// <summary>
/// One preflight question. It yields a finding for what is worth saying and nothing where all is well; it never changes anything that stays.
/// </summary>
/// <param name="code">Of its findings, and of its page in docs/checks.</param>
/// <param name="group">connection, server, replication, privileges, schema, data, extensions, target or way back.</param>
/// <param name="question">For the table of checks.</param>
/// <param name="good">What is reported where it yields nothing.</param>
/// <param name="needs">Without these servers the question is not asked.</param>
/// <param name="onlyBefore">A migration that has already made its slot is not asked again.</param>
/// <param name="onlyFollowing">Where nothing is followed, the question is not asked.</param>
abstract class Check(
    string code, string group, string question, string good, Needs needs = Needs.Source, bool onlyBefore = false, bool onlyFollowing = false)
{
    public string Code => code;
    public string Group => group;
    public string Question => question;

    public Needs Needs => needs;
    public bool OnlyBefore => onlyBefore;
    public bool OnlyFollowing => onlyFollowing;

    /// <exception cref="Exception">The question could not be answered; the caller makes a blocker of it.</exception>
    public virtual Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
        => Task.FromResult<IReadOnlyList<Finding>>([.. Look(servers)]);

    /// <summary>For questions that what was gathered answers.</summary>
    protected virtual IEnumerable<Finding> Look(Servers servers) => [];

    public Finding Good() => new(code, Severity.Ok, good, Group: group);

    public Finding Unanswered(Exception failure) => new(
        code, Severity.Blocker, $"this could not be answered: {question} {failure.Message}",
        "What is not known is not taken for a pass.", $"Mend the cause, or accept the risk: --ignore {code}", Group: group);

    protected Finding Fine(string message, string? detail = null) => new(code, Severity.Ok, message, detail, Group: group);

    protected Finding Notice(string message, string? detail = null, string? fix = null, string? about = null)
        => new(code, Severity.Notice, message, detail, fix, about, group);

    protected Finding Warning(string message, string? detail = null, string? fix = null, string? about = null)
        => new(code, Severity.Warning, message, detail, fix, about, group);

    protected Finding Blocker(string message, string? detail = null, string? fix = null, string? about = null)
        => new(code, Severity.Blocker, message, detail, fix, about, group);
}

/// <summary>Which servers a question is about.</summary>
[Flags]
enum Needs
{
    None = 0,
    Source = 1,
    Target = 2,
    Both = 3,
}
