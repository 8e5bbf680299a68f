using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Collations come from libraries of the operating system (glibc, ICU), which sort differently from version to version.</summary>
sealed class CollationVersions() : Check(
    "PB1018", "server", "Do the collations come from the versions that the indexes were built with?", "the collations are of the versions that indexes were built with")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var ours = await ListAsync(servers.Source, ct);
        var findings = new List<Finding>();
        List<string> changed = [.. ours.Where(collation => collation.Recorded is { } then && collation.Actual is { } now && then != now)
            .Select(collation => $"{collation.Name} ({collation.Recorded}, now {collation.Actual})")];
        if (changed.Count > 0)
            findings.Add(Warning(
                $"{Listing.Count(changed.Count, "collation of the source has", "collations of the source have")} changed since indexes were built",
                $"Such an index may miss rows that are there, and let a unique value in twice; on the target that is an error when the index is built. {Listing.Of(changed)}.",
                $"REINDEX DATABASE {Sql.Identifier(servers.Source.Server.Database)};  -- on the source; then ALTER DATABASE or ALTER COLLATION … REFRESH VERSION"));
        if (servers.Has(Needs.Target))
            findings.AddRange(Compare(ours, await ListAsync(servers.Target, ct)));
        return findings;
    }

    IEnumerable<Finding> Compare(IEnumerable<Used> ours, IReadOnlyList<Used> theirs)
    {
        var there = theirs.ToDictionary(collation => collation.Name, collation => collation.Actual, StringComparer.Ordinal);
        List<string> other = [.. from collation in ours
                                 where collation.Actual is not null && there.GetValueOrDefault(collation.Name) is { } version && version != collation.Actual
                                 select $"{collation.Name} ({collation.Actual}, on the target {there[collation.Name]})"];
        if (other.Count > 0)
            yield return Notice(
                $"{Listing.Count(other.Count, "collation is", "collations are")} of another version on the target",
                $"Some texts may sort differently there. Indexes are built anew; ranges of partitions and CHECK constraints on text deserve a look. {Listing.Of(other)}.");
    }

    // Of the database, and those that columns and indexes name.
    static async Task<IReadOnlyList<Used>> ListAsync(CheckedServer server, CancellationToken ct)
    {
        // One name may have a collation for each encoding.
        var named = (await server.Connection.QueryAsync(
            """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.collname), c.collversion, pg_catalog.pg_collation_actual_version(c.oid)
              FROM pg_catalog.pg_collation c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
             WHERE c.collprovider <> 'd'
               AND (n.nspname NOT IN ('pg_catalog', 'information_schema')
                    OR c.oid IN (SELECT a.attcollation FROM pg_catalog.pg_attribute a WHERE a.attrelid >= 16384
                                  UNION
                                 SELECT pg_catalog.unnest(i.indcollation::oid[]) FROM pg_catalog.pg_index i WHERE i.indexrelid >= 16384))
            """, Read, ct)).DistinctBy(collation => collation.Name).ToList();
        return !server.Version.HasDatabaseCollationVersion ? named :
        [
            .. named,
            .. await server.Connection.QueryAsync(
                """
                SELECT 'the database''s', datcollversion, pg_catalog.pg_database_collation_actual_version(oid)
                  FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
                """, Read, ct),
        ];
    }

    static Used Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetNullable<string>(1), row.GetNullable<string>(2));

    /// <param name="Name">Qualified.</param>
    /// <param name="Recorded">When the collation, or the database, was made or refreshed.</param>
    /// <param name="Actual">Of the library as it is now; null: it has none, as C.</param>
    sealed record Used(string Name, string? Recorded, string? Actual);
}
