namespace PgBaton.Preflight;

/// <summary>If our stream counted as a synchronous standby, the application's commits would wait for it.</summary>
sealed class SynchronousStandbys() : Check(
    "PB1027", "replication", "Would no commit on the source wait for us?", "synchronous_standby_names does not name our stream",
    onlyFollowing: true)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var names = servers.Source.Facts.Setting("synchronous_standby_names") ?? "";
        if (Matches(names))
            yield return Blocker(
                $"synchronous_standby_names of the source would take our stream for a synchronous standby: {names}",
                "Commits of the application would then wait until the target has applied them, or for ever while pgbaton is not running.",
                "Name the standbys instead of *: ALTER SYSTEM SET synchronous_standby_names = '…'; SELECT "
                + "pg_reload_conf();", "synchronous_standby_names");
    }

    // Names are compared without regard to case; ours begin with pgbaton/. A star is a wildcard only as a whole, and quoted too.
    static bool Matches(string names)
        => names.Split(['(', ')', ',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.Trim('"'))
            .Any(name => name == "*" || name.StartsWith("pgbaton/", StringComparison.OrdinalIgnoreCase));
}
