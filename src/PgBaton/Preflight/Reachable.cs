namespace PgBaton.Preflight;

sealed class Reachable() : Check("PB1001", "connection", "Can both servers be reached?", "the servers can be reached", needs: Needs.None)
{
    protected override IEnumerable<Finding> Look(Servers servers)
        => servers.Unreachable.Select(failure => Blocker(
            failure.Message, $"{failure.Detail} See {failure.Code}.".TrimStart(), failure.Hint, failure.About));
}
