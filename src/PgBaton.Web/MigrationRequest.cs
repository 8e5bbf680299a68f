using System.Text.Json;

namespace PgBaton.Web;

/// <summary>
/// The body of a request that names two databases and what to move: a migration that is listed, or connection strings with the options of
/// <c>pgbaton migrate</c>. Folders and commands of this machine cannot be named.
/// </summary>
sealed class MigrationRequest
{
    /// <summary>Of one that is listed; then nothing else but <see cref="Only"/>.</summary>
    public string? Migration { get; set; }

    /// <summary>check: the codes of the questions to ask; null: all.</summary>
    public IReadOnlyList<string>? Only { get; set; }

    /// <summary>In the place of <see cref="Target"/>: the number of the change that made it at a provider.</summary>
    public int? Made { get; set; }

    public string? Source { get; set; }
    public string? Target { get; set; }
    public string? Name { get; set; }
    public IReadOnlyList<string>? Schemas { get; set; }
    public IReadOnlyList<string>? ExcludedSchemas { get; set; }
    public IReadOnlyList<string>? Tables { get; set; }
    public IReadOnlyList<string>? ExcludedTables { get; set; }
    public bool ExistingSchema { get; set; }
    public bool Owners { get; set; }
    public string? TargetOwner { get; set; }
    public bool Roles { get; set; }
    public bool Privileges { get; set; }
    public bool NoSecurityLabels { get; set; }
    public bool ReplicaIdentityFull { get; set; }
    public bool Offline { get; set; }
    public bool FenceFirst { get; set; }
    public LargeObjectChoice? LargeObjects { get; set; }
    public Via? Via { get; set; }
    public string? SourceFromTarget { get; set; }
    public string? TargetFromSource { get; set; }
    public int? Jobs { get; set; }
    public int? IndexJobs { get; set; }
    public IReadOnlyList<string>? Ignore { get; set; }

    /// <summary>Null if it makes sense.</summary>
    public string? Objection => this switch
    {
        _ when NamesNoCheck(Only) => "only names a check that there is not",
        _ when NamesNoCheck(Ignore) => "ignore names a check that there is not",
        { FenceFirst: true, Offline: false } => "fence_first is only for offline",
        { Offline: true, Via: not null } => "via and offline exclude each other",
        { Owners: true, TargetOwner: not null } => "owners and target_owner exclude each other",
        { Jobs: < 1 or > 1000 } or { IndexJobs: < 1 or > 1000 } => "jobs and index_jobs are from 1 to 1000",
        { Name: { } name } when name.Length is 0 or > 50 || !name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')
            => "name is lower-case letters, digits and underscores, at most 50",
        _ => null,
    };

    static bool NamesNoCheck(IReadOnlyList<string>? codes) => codes?.Except(PgBaton.Migration.CheckCodes, StringComparer.OrdinalIgnoreCase).Any() == true;

    public MigrationOptions ToOptions()
        => Scope(new MigrationOptions { Target = Target?.Trim() ?? "", Source = string.IsNullOrWhiteSpace(Source) ? null : Source.Trim() });

    /// <summary>The same choices with the connection strings that are given here; who gives none stays with the one that is known.</summary>
    public MigrationOptions Connections(MigrationOptions known) => known with
    {
        Source = string.IsNullOrWhiteSpace(Source) ? known.Source : Source.Trim(),
        Target = string.IsNullOrWhiteSpace(Target) ? known.Target : Target.Trim(),
    };

    /// <summary>The same two databases, and of them what this says.</summary>
    public MigrationOptions Scope(MigrationOptions connections)
    {
        var otherwise = new MigrationOptions { Target = "" };
        return connections with
        {
            Name = Name ?? connections.Name,
            Schemas = Schemas ?? [],
            ExcludedSchemas = ExcludedSchemas ?? [],
            Tables = Tables ?? [],
            ExcludedTables = ExcludedTables ?? [],
            ExistingSchema = ExistingSchema,
            Owners = Owners,
            TargetOwner = TargetOwner,
            Roles = Roles,
            Privileges = Privileges,
            NoSecurityLabels = NoSecurityLabels,
            ReplicaIdentityFull = ReplicaIdentityFull,
            Offline = Offline,
            FenceFirst = FenceFirst,
            LargeObjects = LargeObjects,
            Via = Via,
            SourceFromTarget = SourceFromTarget ?? connections.SourceFromTarget,
            TargetFromSource = TargetFromSource ?? connections.TargetFromSource,
            Jobs = Jobs ?? otherwise.Jobs,
            IndexJobs = IndexJobs ?? otherwise.IndexJobs,
            IgnoredFindings = Ignore ?? [],
            OnlyChecks = Only ?? [],
        };
    }

    /// <summary>It chooses to move what those do; how fast, and what is passed over, is no matter of that. What is left open here is as it was.</summary>
    public bool IsOf(MigrationOptions begun)
    {
        var wanted = Scope(begun) with
        {
            Jobs = begun.Jobs,
            IndexJobs = begun.IndexJobs,
            IgnoredFindings = begun.IgnoredFindings,
            LargeObjects = LargeObjects ?? begun.LargeObjects,
            Via = Via ?? begun.Via,
        };
        return Text(wanted) == Text(begun);

        static string Text(MigrationOptions options) => JsonSerializer.Serialize(Of(options), WebJson.Default.MigrationRequest);
    }

    /// <summary>What was chosen, without the connection strings, which may hold passwords.</summary>
    public static MigrationRequest Of(MigrationOptions options) => new()
    {
        Name = options.Name,
        Schemas = options.Schemas,
        ExcludedSchemas = options.ExcludedSchemas,
        Tables = options.Tables,
        ExcludedTables = options.ExcludedTables,
        ExistingSchema = options.ExistingSchema,
        Owners = options.Owners,
        TargetOwner = options.TargetOwner,
        Roles = options.Roles,
        Privileges = options.Privileges,
        NoSecurityLabels = options.NoSecurityLabels,
        ReplicaIdentityFull = options.ReplicaIdentityFull,
        Offline = options.Offline,
        FenceFirst = options.FenceFirst,
        LargeObjects = options.LargeObjects,
        Via = options.Via,
        Jobs = options.Jobs,
        IndexJobs = options.IndexJobs,
        Ignore = options.IgnoredFindings,
    };
}
