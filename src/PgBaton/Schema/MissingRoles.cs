using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Roles that objects need and the target lacks. They belong to the whole server, and to nobody who could log in.</summary>
static class MissingRoles
{
    /// <summary>By name. None where the target's schema is the operator's own affair.</summary>
    public static async Task<List<string>> FindAsync(MigrationOptions options, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        if (options.ExistingSchema)
            return [];
        var needed = await source.QueryAsync(Query.NeededRoles, row => row.GetString(0), ct, options.Owners, options.Privileges);
        var there = (await target.QueryAsync("SELECT rolname::text FROM pg_catalog.pg_roles", row => row.GetString(0), ct)).ToHashSet();
        return needed.FindAll(role => !there.Contains(role));
    }

    /// <summary>Entries that make them, before all others; with those that an earlier run has made, so that the list stays the same.</summary>
    public static async Task<IReadOnlyList<ArchiveEntry>> ListAsync(Migration migration, NpgsqlConnection target, CancellationToken ct)
    {
        if (!migration.Options.Roles)
            return [];
        await using var source = await migration.Source.OpenAsync("pre-data", ct);
        var made = await target.QueryAsync("SELECT name FROM pgbaton.entry WHERE kind = 'ROLE'", row => row.GetString(0), ct);
        var missing = await FindAsync(migration.Options, source, target, ct);
        // Who makes a role is a member of it that may act as it, so that objects can be given to it; a superuser may without.
        var join = await target.QueryValueAsync<bool>("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user", ct)
            ? "" : $"GRANT {{0}} TO {Sql.Identifier(migration.Target.User)};\n";
        return [.. missing.Union(made).Order(StringComparer.Ordinal).Select((role, i) => new ArchiveEntry(
            -1 - i, 0, 0, role, "ROLE", ArchiveSection.PreData,
            $"CREATE ROLE {Sql.Identifier(role)} NOLOGIN;\n{join.Replace("{0}", Sql.Identifier(role), StringComparison.Ordinal)}",
            Removal(role), "", "", '\0', "", []))];
    }

    // What it was granted on the database, and on schemas that were there before, outlives the objects that were made.
    static string Removal(string role) =>
        $"""
        DO $pgbaton$
        DECLARE
            role CONSTANT text := {Sql.Literal(role)};
            space text;
        BEGIN
            EXECUTE pg_catalog.format('REVOKE ALL ON DATABASE %I FROM %I', pg_catalog.current_database(), role);
            FOR space IN SELECT n.nspname FROM pg_catalog.pg_namespace n
                          WHERE EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) a JOIN pg_catalog.pg_roles r ON r.oid = a.grantee WHERE r.rolname = role) LOOP
                EXECUTE pg_catalog.format('REVOKE ALL ON SCHEMA %I FROM %I', space, role);
            END LOOP;
        END $pgbaton$;
        DROP ROLE {Sql.Identifier(role)};

        """;
}
