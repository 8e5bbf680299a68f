namespace PgBaton;

/// <summary>The options that are fixed when a migration begins: later they may be left out, another value is an error.</summary>
sealed record JournalScope(
    IReadOnlyList<string> Schemas, IReadOnlyList<string> ExcludedSchemas, IReadOnlyList<string> Tables, IReadOnlyList<string> ExcludedTables,
    bool ExistingSchema, bool Owners, bool Privileges, bool ReplicaIdentityFull,
    LargeObjectChoice? LargeObjects = null, IReadOnlyList<string>? AddedTables = null, IReadOnlyList<string>? RemovedTables = null,
    string? TargetOwner = null, bool Roles = false, bool NoSecurityLabels = false,
    bool Offline = false, bool FenceFirst = false)
{
    public static JournalScope Of(MigrationOptions options) => new(
        options.Schemas, options.ExcludedSchemas, options.Tables, options.ExcludedTables,
        options.ExistingSchema, options.Owners, options.Privileges, options.ReplicaIdentityFull, options.LargeObjects,
        options.AddedTables, options.RemovedTables, options.TargetOwner, options.Roles, options.NoSecurityLabels,
        options.Offline, options.FenceFirst);

    /// <summary>The options of a later run with what this migration began with.</summary>
    public MigrationOptions ApplyTo(MigrationOptions options) => options with
    {
        Schemas = Schemas,
        ExcludedSchemas = ExcludedSchemas,
        Tables = Tables,
        ExcludedTables = ExcludedTables,
        ExistingSchema = ExistingSchema,
        Owners = Owners,
        Privileges = Privileges,
        ReplicaIdentityFull = ReplicaIdentityFull,
        LargeObjects = LargeObjects,
        AddedTables = AddedTables ?? [],
        RemovedTables = RemovedTables ?? [],
        TargetOwner = TargetOwner,
        Roles = Roles,
        NoSecurityLabels = NoSecurityLabels,
        Offline = Offline,
        FenceFirst = FenceFirst,
    };

    /// <summary>Whatever is given here must be what is recorded; what is left out is taken from there.</summary>
    /// <exception cref="MigrationException">PB0207.</exception>
    public void MustEqual(JournalScope recorded)
    {
        MustEqual("--schema", Schemas, recorded.Schemas);
        MustEqual("--exclude-schema", ExcludedSchemas, recorded.ExcludedSchemas);
        MustEqual("--table", Tables, recorded.Tables);
        MustEqual("--exclude-table", ExcludedTables, recorded.ExcludedTables);
        MustEqual("--existing-schema", ExistingSchema, recorded.ExistingSchema);
        MustEqual("--owners", Owners, recorded.Owners);
        MustEqual("--privileges", Privileges, recorded.Privileges);
        MustEqual("--replica-identity full", ReplicaIdentityFull, recorded.ReplicaIdentityFull);
        MustEqual("--roles", Roles, recorded.Roles);
        MustEqual("--no-security-labels", NoSecurityLabels, recorded.NoSecurityLabels);
        MustEqual("--offline", Offline, recorded.Offline);
        MustEqual("--fence-first", FenceFirst, recorded.FenceFirst);
        if (TargetOwner is not null && TargetOwner != recorded.TargetOwner)
            throw Errors.ScopeChanged("--target-owner", recorded.TargetOwner ?? "not given");
        if (LargeObjects is not null && LargeObjects != recorded.LargeObjects)
            throw Errors.ScopeChanged("--large-objects", recorded.LargeObjects?.ToString().ToLowerInvariant() ?? "not given");
    }

    static void MustEqual(string option, IReadOnlyList<string> given, IReadOnlyList<string> recorded)
    {
        if (given.Count > 0 && !given.Order(StringComparer.Ordinal).SequenceEqual(recorded.Order(StringComparer.Ordinal)))
            throw Errors.ScopeChanged(option, recorded.Count == 0 ? "not given" : string.Join(", ", recorded));
    }

    static void MustEqual(string option, bool given, bool recorded)
    {
        if (given && !recorded)
            throw Errors.ScopeChanged(option, "not given");
    }
}
