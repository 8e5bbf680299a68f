namespace PgBaton.Schema;

/// <summary>The target as pg_dump describes it, asked as the source was, for questions about single objects.</summary>
/// <param name="Commands">By description; several objects may have the same. What the scope would leave out too: it may be there for what is needed on the source.</param>
/// <param name="Chosen">Descriptions of what is in scope, as the target sees it.</param>
/// <param name="SameMajor">Both servers print the same things alike.</param>
/// <param name="IdentitiesMayDiffer">Tables are FULL on the source for the time of the migration.</param>
sealed record TargetSchema(ILookup<string, string> Commands, IReadOnlySet<string> Chosen, bool SameMajor, bool IdentitiesMayDiffer)
{
    HashSet<(string Schema, string Name)> _renamed = [];

    /// <exception cref="MigrationException">PB0301 to PB0304.</exception>
    public static async Task<TargetSchema> ReadAsync(Migration migration, CancellationToken ct)
    {
        var all = (await Dump.DescribeTargetAsync(migration, ct)).FindAll(entry => entry.Kind != "MATERIALIZED VIEW DATA" && !IsGate(entry));
        return new(
            all.ToLookup(entry => entry.Description, entry => entry.Command(migration.Options)),
            ArchiveScope.Choose(all, migration.Options).Kept.Select(entry => entry.Description).ToHashSet(),
            migration.Source.Version.Major == migration.Target.Version.Major, migration.Options.ReplicaIdentityFull);
    }

    /// <summary>Null: no pg_dump here can describe the target.</summary>
    public static async Task<TargetSchema?> TryReadAsync(Migration migration, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(migration, ct);
        }
        catch (MigrationException failure) when (failure.Code is "PB0301" or "PB0302" or "PB0303" or "PB0304")
        {
            return null;
        }
    }

    /// <summary>The whole command is among its own.</summary>
    public bool Has(string kind, string description, string command) => Commands[description].Any(other => AreEqual(kind, command, other));

    public bool Has(ArchiveEntry entry)
        => !_renamed.Contains((entry.Schema, entry.Name)) && !(entry.Table is { } table && _renamed.Contains(table)) && Has(entry.Kind, entry.Description, entry.Definition);

    /// <summary>Tables that have those names are to get others: what is there by such a name is not what is to be.</summary>
    public TargetSchema Without(IEnumerable<(string Schema, string Name)?> renamed) => this with { _renamed = [.. renamed.OfType<(string, string)>()] };

    // Where a sequence starts and steps is carried over with where it stands.
    public bool AreEqual(string kind, string one, string other) => SchemaText.AreEqual(Own(kind, one), Own(kind, other), SameMajor);

    string Own(string kind, string command)
        => kind == "SEQUENCE" ? SchemaDrift.Comparable(kind, command)
            : kind == "TABLE" && IdentitiesMayDiffer ? SchemaText.WithoutReplicaIdentity(command)
            : command;

    static bool IsGate(ArchiveEntry entry) => entry.Kind == "TRIGGER" && entry.Name.EndsWith(" pgbaton_gate", StringComparison.Ordinal);
}
