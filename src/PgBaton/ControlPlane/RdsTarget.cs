using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;

namespace PgBaton.ControlPlane;

/// <summary>An instance of RDS, or a cluster of Aurora with one instance, to move to.</summary>
/// <param name="api">Of the region.</param>
/// <param name="isAurora">A cluster.</param>
/// <param name="time">Between two looks.</param>
sealed class RdsTarget(RdsApi api, bool isAurora, TimeProvider time)
{
    const string User = "postgres";
    static readonly TimeSpan _interval = TimeSpan.FromSeconds(15);

    readonly string _engine = isAurora ? "aurora-postgresql" : "postgres";
    readonly string _kind = isAurora ? "Cluster" : "";

    /// <summary>Looks for the newest release of that version, and tells what would be made.</summary>
    /// <param name="order">Title, version, size; for RDS the disk.</param>
    /// <param name="ct">Ends the questions; nothing is changed by them.</param>
    /// <exception cref="MigrationException">PB0020, PB0902 to PB0904.</exception>
    public async Task<ProviderChange> PlanAsync(ProviderOrder order, CancellationToken ct)
    {
        var size = order.Size ?? throw Errors.Usage("--size is needed", detail: null, "A class of instances, such as db.r8g.large.");
        if (order.Disk is null && !isAurora)
            throw Errors.Usage("--disk is needed", detail: null, "One and a half times what the source takes: \"pgbaton plan\" tells how much.");
        var found = Xml.All(
            await api.CallAsync("DescribeDBEngineVersions", ct, ("Engine", _engine), ("EngineVersion", $"{order.Major}"), ("DefaultOnly", "true")), "DBEngineVersion").FirstOrDefault()
            ?? throw Errors.ApiDidNotDoIt("Amazon RDS", $"it has no version {order.Major} of {_engine}");
        var (version, family) = (Must(found, "EngineVersion"), Must(found, "DBParameterGroupFamily"));
        var group = order.WayBack ? $"pgbaton-{order.Title}" : null;
        return new(
            [
                .. group is null ? (string[])[] : [$"Make parameter group {group} with rds.logical_replication = 1, for a way back."],
                $"Create {(isAurora ? "cluster" : "instance")} {order.Title} of {_engine} {version}, class {size}{(isAurora ? "" : $", {Gigabytes(order)} GB of disk")}, encrypted, which is paid for from then on.",
                "It gets the default network and security group of the account, which have to let this machine in.",
            ],
            Restarts: null, Irreversible: null, (tell, token) => MakeAsync(order, size, version, family, group, tell, token));
    }

    async Task<IReadOnlyDictionary<string, string>> MakeAsync(
        ProviderOrder order, string size, string version, string family, string? group, Action<string> tell, CancellationToken ct)
    {
        if (group is not null)
            await MakeGroupAsync(group, family, tell, ct);
        // Letters and digits only: RDS refuses some other characters, and a URI would have to escape them.
        var password = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", 32);
        var instance = isAurora ? $"{order.Title}-1" : order.Title;
        if (isAurora)
            await api.CallAsync(
                "CreateDBCluster", ct, ("DBClusterIdentifier", order.Title), ("Engine", _engine), ("EngineVersion", version), ("MasterUsername", User),
                ("MasterUserPassword", password), ("StorageEncrypted", "true"), ("DBClusterParameterGroupName", group));
        await api.CallAsync(
            "CreateDBInstance", ct,
            [
                ("DBInstanceIdentifier", instance), ("Engine", _engine), ("DBInstanceClass", size),
                .. isAurora ? (IEnumerable<(string, string?)>)[("DBClusterIdentifier", order.Title)] :
                [
                    ("EngineVersion", version), ("MasterUsername", User), ("MasterUserPassword", password), ("AllocatedStorage", Gigabytes(order)), ("StorageType", "gp3"),
                    ("StorageEncrypted", "true"), ("DBParameterGroupName", group),
                ],
            ]);
        tell($"{instance} is being made");
        var made = await WaitAsync(instance, ct);
        var (host, port) = isAurora ? await OfClusterAsync(order.Title, ct) : Endpoint(made);
        return new Dictionary<string, string>
        {
            ["instance"] = instance, ["connection"] = $"postgresql://{User}:{password}@{host}:{port}/postgres?sslmode=require",
        };
    }

    async Task MakeGroupAsync(string group, string family, Action<string> tell, CancellationToken ct)
    {
        var name = $"DB{_kind}ParameterGroupName";
        await api.CallAsync($"CreateDB{_kind}ParameterGroup", ct, (name, group), ("DBParameterGroupFamily", family), ("Description", "with logical replication, made by pgbaton"));
        await api.CallAsync(
            $"ModifyDB{_kind}ParameterGroup", ct, (name, group), ("Parameters.Parameter.1.ParameterName", "rds.logical_replication"), ("Parameters.Parameter.1.ParameterValue", "1"),
            ("Parameters.Parameter.1.ApplyMethod", "pending-reboot"));
        tell($"parameter group {group} is made");
    }

    async Task<XElement> WaitAsync(string instance, CancellationToken ct)
    {
        while (true)
        {
            var found = Xml.All(await api.CallAsync("DescribeDBInstances", ct, ("DBInstanceIdentifier", instance)), "DBInstance").FirstOrDefault()
                ?? throw Errors.ApiDidNotDoIt("Amazon RDS", $"there is no instance {instance}");
            switch (Must(found, "DBInstanceStatus"))
            {
                case "available":
                    return found;
                case "failed" or "incompatible-network" or "incompatible-parameters" or "incompatible-restore" or "storage-full" or "deleting":
                    throw Errors.ApiDidNotDoIt("Amazon RDS", $"{instance} is {Must(found, "DBInstanceStatus")}");
            }

            await Task.Delay(_interval, time, ct);
        }
    }

    // The writer's, wherever it is.
    async Task<(string Host, string Port)> OfClusterAsync(string cluster, CancellationToken ct)
    {
        var found = Xml.All(await api.CallAsync("DescribeDBClusters", ct, ("DBClusterIdentifier", cluster)), "DBCluster").First();
        return (Must(found, "Endpoint"), Must(found, "Port"));
    }

    static (string Host, string Port) Endpoint(XElement instance)
    {
        var endpoint = Xml.All(instance, "Endpoint").FirstOrDefault() ?? throw Errors.ApiDidNotDoIt("Amazon RDS", "its answer has no Endpoint");
        return (Must(endpoint, "Address"), Must(endpoint, "Port"));
    }

    // It takes whole ones, and 20 at least.
    static string Gigabytes(ProviderOrder order) => Math.Max(20, (order.Disk!.Value + (1L << 30) - 1) >> 30).ToString(CultureInfo.InvariantCulture);

    static string Must(XElement within, string name) => Xml.Text(within, name) ?? throw Errors.ApiDidNotDoIt("Amazon RDS", $"its answer has no {name}");
}
