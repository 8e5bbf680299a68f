using PgBaton.ControlPlane;

namespace PgBaton.Web;

/// <summary>What to have done at a provider: the options of <c>pgbaton provider</c>. Keys are not among them; this process has those in its environment.</summary>
sealed class ProviderRequest
{
    public string? Action { get; set; }

    /// <summary>A key of GET /providers; null: the host of the migration's source or target tells.</summary>
    public string? At { get; set; }

    /// <summary>One that is listed; null: none yet.</summary>
    public string? Migration { get; set; }

    public string? Project { get; set; }
    public string? Database { get; set; }
    public string? Branch { get; set; }
    public string? Size { get; set; }
    public long? DiskBytes { get; set; }
    public string? Slot { get; set; }
    public string? Instance { get; set; }
    public string? Cluster { get; set; }
    public string? Region { get; set; }
    public int? PgVersion { get; set; }
    public string? Title { get; set; }
    public string? Organization { get; set; }
    public int? LeastUnits { get; set; }
    public int? MostUnits { get; set; }
    public bool WayBack { get; set; }

    /// <summary>As the proposal gave it: do it. Null: only say what would be done.</summary>
    public string? Confirm { get; set; }

    /// <summary>Null if it makes sense.</summary>
    public string? Objection => this switch
    {
        { Action: null } => "action is needed",
        { Action: var action } when !ProviderOrder.Actions.Contains(action) => $"action is one of {string.Join(", ", ProviderOrder.Actions)}",
        { At: { } at } when !ProviderOrder.Providers.ContainsKey(at) => $"at is one of {string.Join(", ", ProviderOrder.Providers.Keys)}",
        { PgVersion: < 14 or > 18 } => "pg_version is from 14 to 18",
        { LeastUnits: < 1 or > 56 } or { MostUnits: < 1 or > 56 } => "least_units and most_units are from 1 to 56",
        { DiskBytes: <= 0 } => "disk_bytes is more than nothing",
        _ => null,
    };

    /// <exception cref="MigrationException">PB0020: neither says where.</exception>
    public ProviderOrder ToOrder(MigrationOptions? listed)
    {
        var told = ProviderOrder.Of(Action!, At, listed?.Source, listed?.Target);
        return told with
        {
            Project = Given(Project),
            Database = Given(Database),
            Branch = Given(Branch) ?? told.Branch,
            Size = Given(Size),
            Disk = DiskBytes,
            Slot = Given(Slot),
            Instance = Given(Instance) ?? told.Instance,
            Cluster = Given(Cluster) ?? (Given(Instance) is null ? told.Cluster : null),
            Region = Given(Region) ?? told.Region,
            Major = PgVersion ?? told.Major,
            Title = Given(Title) ?? told.Title,
            Organization = Given(Organization),
            Units = (LeastUnits ?? told.Units.Least, Math.Max(LeastUnits ?? told.Units.Least, MostUnits ?? told.Units.Most)),
            WayBack = WayBack,
        };
    }

    static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
