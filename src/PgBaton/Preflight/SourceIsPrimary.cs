namespace PgBaton.Preflight;

sealed class SourceIsPrimary() : Check("PB1012", "server", "Is the source the primary?", "the source is a primary")
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        if (servers.Source.Facts.IsInRecovery)
            yield return Blocker(
                $"the source {servers.Source.Server.Address} is a standby",
                "Publication, gate and fence have to be made where the application writes; behind a reader endpoint sessions may even "
                + "be of several servers.",
                "Give the endpoint of the primary (writer).", servers.Source.Server.Address);
    }
}
