using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// A check or NOT NULL that pg_dump describes by itself as long as it is NOT VALID, and as part of its table or domain from then on: its entry is gone, and it is not.
/// </summary>
static class ValidatedConstraint
{
    /// <summary>Null: it is really gone, or no constraint.</summary>
    public static async Task<SchemaChange?> ExplainAsync(ObjectDifference gone, NpgsqlConnection source, CancellationToken ct)
    {
        var at = gone.Object.IndexOf("CONSTRAINT ", StringComparison.Ordinal);
        if (at < 0 || !await source.QueryValueAsync<bool>(IsThere, ct, gone.Object[(at + "CONSTRAINT ".Length)..]))
            return null;
        return new(gone.Object, "is part of its table or domain now", [$"-- {gone.Object} comes with its table or domain"], gone.Was, gone.Now);
    }

    // Schema, table or domain, its own name: on one line, as the journal describes it.
    const string IsThere =
        """
        SELECT EXISTS (SELECT
          FROM pg_catalog.pg_constraint k
          JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
          LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
          LEFT JOIN pg_catalog.pg_type t ON t.oid = k.contypid
         WHERE k.contype IN ('c', 'n')
           AND pg_catalog.regexp_replace(pg_catalog.concat_ws(' ', n.nspname, coalesce(c.relname, t.typname), k.conname), E'\\r\\n|\\r|\\n', ' ', 'g') = $1)
        """;
}
