using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class EventTriggers() : Check("PB1054", "schema", "Are there no event triggers?", "there are no event triggers")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var triggers = await servers.Source.Connection.QueryAsync(
            """
            SELECT e.evtname::text
              FROM pg_catalog.pg_event_trigger e
             WHERE e.evtenabled <> 'D'
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND d.objid = e.oid AND d.deptype = 'e')
             ORDER BY 1
            """,
            row => Sql.Identifier(row.GetString(0)), ct);
        if (triggers.Count == 0)
            return [];
        var mayCreate = !servers.Has(Needs.Target) || servers.Target.Facts.IsSuperuser;
        var message = $"{Listing.Count(triggers.Count, "event trigger", "event triggers")}: {Listing.Of(triggers)}";
        const string onSource = "They fire on the source for our publication and gate too.";
        return
        [
            mayCreate
                ? Notice(message, onSource, about: Listing.About(triggers))
                : Warning(message, $"{onSource} Only a superuser may make them on the target, and role {Sql.Identifier(servers.Target.Facts.User)} is none.",
                    "Have the target's provider make them, or do without.", Listing.About(triggers)),
        ];
    }
}
