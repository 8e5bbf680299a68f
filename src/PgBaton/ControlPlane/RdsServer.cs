using System.Xml.Linq;

namespace PgBaton.ControlPlane;

/// <summary>An instance of RDS, or the writer of a cluster of Aurora, with the group of parameters that its wal_level hangs on.</summary>
/// <param name="Instance">What is rebooted.</param>
/// <param name="Cluster">Null for an instance on its own.</param>
/// <param name="Group">Of the cluster, if there is one.</param>
/// <param name="GroupStatus">in-sync, pending-reboot, applying …</param>
/// <param name="Status">available, rebooting, modifying …</param>
sealed record RdsServer(string Instance, string? Cluster, string Group, string GroupStatus, string Status)
{
    /// <summary>Between <c>DB</c> and <c>ParameterGroup</c> in the names of actions and parameters.</summary>
    public string Kind => Cluster is null ? "" : "Cluster";

    /// <summary>A group of Amazon's, which nobody can change: <c>default.postgres17</c>.</summary>
    public bool HasDefaultGroup => Group.StartsWith("default.", StringComparison.Ordinal);

    /// <summary>The one to make in its stead.</summary>
    public string OwnGroup => HasDefaultGroup ? $"pgbaton-{Cluster ?? Instance}" : Group;

    /// <summary>As CreateDBParameterGroup wants it.</summary>
    public string Family => Group["default.".Length..];

    /// <summary>Nothing is under way.</summary>
    public bool IsSettled => Status == "available" && GroupStatus != "applying";

    public bool IsInSync => IsSettled && GroupStatus == "in-sync";

    /// <exception cref="MigrationException">PB0902, PB0903, PB0904.</exception>
    public static async Task<RdsServer> ReadAsync(RdsApi api, string? instance, string? cluster, CancellationToken ct)
    {
        if (cluster is not null)
            return await OfClusterAsync(api, cluster, ct);
        var found = await OneInstanceAsync(api, instance!, ct);
        return (Xml.Text(found, "Engine"), Xml.Text(found, "DBClusterIdentifier")) switch
        {
            ("postgres", _) => new(
                instance!, null, Must(found, "DBParameterGroupName"), Must(found, "ParameterApplyStatus"), Must(found, "DBInstanceStatus")),
            ("aurora-postgresql", { } its) => await OfClusterAsync(api, its, ct),
            var (engine, _) => throw Errors.ApiDidNotDoIt("Amazon RDS", $"{instance} runs {engine}, and not PostgreSQL"),
        };
    }

    static async Task<RdsServer> OfClusterAsync(RdsApi api, string cluster, CancellationToken ct)
    {
        var found = Xml.All(await api.CallAsync("DescribeDBClusters", ct, ("DBClusterIdentifier", cluster)), "DBCluster").First();
        var writer = Xml.All(found, "DBClusterMember").FirstOrDefault(member => Xml.Text(member, "IsClusterWriter") == "true")
            ?? throw Errors.ApiDidNotDoIt("Amazon RDS", $"cluster {cluster} has no writer");
        var instance = Must(writer, "DBInstanceIdentifier");
        return new(
            instance, cluster, Must(found, "DBClusterParameterGroup"), Must(writer, "DBClusterParameterGroupStatus"),
            Must(await OneInstanceAsync(api, instance, ct), "DBInstanceStatus"));
    }

    static async Task<XElement> OneInstanceAsync(RdsApi api, string instance, CancellationToken ct)
        => Xml.All(await api.CallAsync("DescribeDBInstances", ct, ("DBInstanceIdentifier", instance)), "DBInstance").FirstOrDefault()
           ?? throw Errors.ApiDidNotDoIt("Amazon RDS", $"there is no instance {instance}");

    static string Must(XElement within, string name) => Xml.Text(within, name) ?? throw Errors.ApiDidNotDoIt("Amazon RDS", $"its answer has no {name}");
}
