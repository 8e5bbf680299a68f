using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>What <c>--offline</c> costs, said before it does, and what its gate needs.</summary>
sealed class OfflineCopy() : Check("PB1032", "replication", "Is every write carried over while the application goes on?", "every write is carried over while the application goes on")
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var lane = Lane.Of(servers.Options);
        if (lane.Follows)
            yield break;
        yield return lane.HoldsWriters
            ? Warning(
                "the source will be closed for writers from before the copy until the cutover (--fence-first)",
                "Nothing limits how long that is: the copy, the indexes and the verification are all downtime. It outlives pgbaton itself, killed or not; \"pgbaton abort\" opens the source again. "
                + "There is no way back after the cutover.")
            : Warning(
                "what is written on the source after the copy has begun will not be on the target (--offline)",
                "Nothing follows the changes. The cutover says how many rows that is, and makes the target the writer all the same. There is no way back after it.",
                "Keep the application from writing until the cutover, or have pgbaton do it: --fence-first");
        if (servers.Source.Facts is { MayCreate: false } facts)
            yield return Blocker(
                $"role {Sql.Identifier(facts.User)} may not make the gate that closes the source: it lacks CREATE on the database", null,
                $"GRANT CREATE ON DATABASE {Sql.Identifier(servers.Source.Server.Database)} TO {Sql.Identifier(facts.User)};", Sql.Identifier(facts.User));
    }
}
