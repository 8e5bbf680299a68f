namespace PgBaton.Preflight;

/// <summary>Minor releases of the source whose logical decoding has errors that were mended later.</summary>
sealed class KnownBugs() : Check(
    "PB1013", "server", "Is the source free of known errors of logical decoding?", "the source's release has no known error of logical decoding",
    onlyFollowing: true)
{
    /// <param name="Major">Of the server.</param>
    /// <param name="From">First minor release that has it.</param>
    /// <param name="MendedIn">First minor release that does not have it any more.</param>
    /// <param name="Hurts">True: it can stop a migration or the server. False: what pgbaton does anyway covers it.</param>
    sealed record Bug(int Major, int From, int MendedIn, bool Hurts, string What);

    const string InitialSnapshot = "a race while a slot's first snapshot is built can make rows look wrong (every row is verified after "
        + "the copy)";
    const string Memory = "decoding can use up the server's memory after many catalog changes";
    const string StaleCatalog = "changes can be decoded with a stale catalog after ALTER PUBLICATION and the like (the publication is "
        + "made before the slot, and not altered)";
    const string WalTooEarly = "WAL that a slot needs can be removed too early, or a confirmed position move backwards, after a crash";
    const string RestartBackwards = "a slot's restart position can move backwards";
    const string NewSlot = "a new slot can be invalidated at once by a checkpoint (it is then made again)";

    static readonly Bug[] _bugs =
    [
        new(15, 0, 20, false, InitialSnapshot), new(17, 0, 12, false, InitialSnapshot),
        new(14, 18, 19, true, Memory), new(15, 13, 14, true, Memory), new(16, 9, 10, true, Memory), new(17, 5, 6, true, Memory),
        new(14, 0, 18, false, StaleCatalog), new(15, 0, 13, false, StaleCatalog), new(16, 0, 9, false, StaleCatalog), new(17, 0, 5, false, StaleCatalog),
        new(16, 0, 10, true, WalTooEarly), new(17, 0, 6, true, WalTooEarly),
        new(17, 0, 2, true, RestartBackwards),
        new(17, 0, 8, false, NewSlot), new(18, 0, 2, false, NewSlot),
    ];

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var version = servers.Source.Version;
        var minor = version.Number % 10000;
        var bugs = _bugs.Where(bug => bug.Major == version.Major && minor >= bug.From && minor < bug.MendedIn).ToList();
        if (bugs.Count == 0)
            yield break;
        var message = $"the source's release {version} has {Listing.Count(bugs.Count, "known error", "known errors")} of logical decoding";
        var detail = string.Join(" ", bugs.Select(bug => $"Mended in {version.Major}.{bug.MendedIn}: {bug.What}."));
        var fix = $"Update the source to the newest {version.Major}.x if you can; it is a restart.";
        yield return bugs.Exists(bug => bug.Hurts) ? Warning(message, detail, fix) : Notice(message, detail, fix);
    }
}
