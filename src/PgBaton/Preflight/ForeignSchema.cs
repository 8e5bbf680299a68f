namespace PgBaton.Preflight;

sealed class ForeignSchema() : Check(
    "PB1083", "target", "Is the name of the schema pgbaton free on the target, or ours?",
    "the schema pgbaton of the target is free, or ours", needs: Needs.Target)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var comment = servers.Target.Facts.OurSchemaComment;
        if (comment is not null && !comment.StartsWith("pgbaton journal", StringComparison.Ordinal))
            yield return Blocker(
                comment.StartsWith("pgbaton gate", StringComparison.Ordinal) ? "the target still has the gate of a migration of which it was the source" : "the target has a schema pgbaton that is not ours",
                "The journal of the migration needs a schema of that name.",
                comment.StartsWith("pgbaton gate", StringComparison.Ordinal) ? "DROP SCHEMA pgbaton CASCADE;  -- if that migration is over" : "ALTER SCHEMA pgbaton RENAME TO …;", "pgbaton");
    }
}
