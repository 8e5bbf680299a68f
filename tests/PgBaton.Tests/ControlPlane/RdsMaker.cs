using System.Net;

namespace PgBaton.Tests.ControlPlane;

/// <summary>What the API reference of RDS (2014-10-31) says of the actions that make a server: which parameters each takes and must have, and in which order.</summary>
/// <param name="cluster">Of Aurora.</param>
sealed class RdsMaker(bool cluster) : ApiServer
{
    static readonly Dictionary<string, (string[] Must, string[] May)> _actions = new()
    {
        ["DescribeDBEngineVersions"] = ([], ["Engine", "EngineVersion", "DBParameterGroupFamily", "Filters", "MaxRecords", "Marker", "DefaultOnly", "ListSupportedCharacterSets", "IncludeAll"]),
        ["DescribeDBInstances"] = ([], ["DBInstanceIdentifier", "Filters", "MaxRecords", "Marker"]),
        ["DescribeDBClusters"] = ([], ["DBClusterIdentifier", "Filters", "MaxRecords", "Marker", "IncludeShared"]),
        ["CreateDBParameterGroup"] = (["DBParameterGroupName", "DBParameterGroupFamily", "Description"], ["Tags"]),
        ["CreateDBClusterParameterGroup"] = (["DBClusterParameterGroupName", "DBParameterGroupFamily", "Description"], ["Tags"]),
        ["ModifyDBParameterGroup"] = (["DBParameterGroupName", "Parameters"], []),
        ["ModifyDBClusterParameterGroup"] = (["DBClusterParameterGroupName", "Parameters"], []),
        ["CreateDBCluster"] = (
            ["DBClusterIdentifier", "Engine"], ["EngineVersion", "MasterUsername", "MasterUserPassword", "StorageEncrypted", "DBClusterParameterGroupName", "DatabaseName", "Port"]),
        ["CreateDBInstance"] = (
            ["DBInstanceIdentifier", "DBInstanceClass", "Engine"],
            ["DBClusterIdentifier", "EngineVersion", "MasterUsername", "MasterUserPassword", "AllocatedStorage", "StorageType", "StorageEncrypted", "DBParameterGroupName", "DBName", "Port"]),
    };

    // These are the cluster's where there is one.
    static readonly string[] _ofTheCluster = ["EngineVersion", "MasterUsername", "MasterUserPassword", "AllocatedStorage", "StorageEncrypted"];

    readonly HashSet<string> _made = [];
    int _looks;

    /// <summary>What the instance ends as.</summary>
    public string Outcome { get; init; } = "available";

    /// <summary>As it was given.</summary>
    public string? Password { get; private set; }

    /// <summary>Of the request that made the instance.</summary>
    public Dictionary<string, string> Instance { get; private set; } = [];

    protected override (int Status, string Type, string Body) Answer(HttpListenerRequest request, string body)
    {
        var parameters = body.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1]));
        var action = parameters["Action"];
        Requests.Add(action);
        Must(request.HttpMethod == "POST" && parameters["Version"] == "2014-10-31" && RdsServer.IsSigned(request, body), "method, version or signature");
        var names = parameters.Keys.Except(["Action", "Version"]).Select(name => name.Split('.')[0]).ToHashSet();
        var (must, may) = _actions[action];
        Must(must.All(names.Contains) && names.All(name => must.Contains(name) || may.Contains(name)), $"{action} lacks a parameter, or has one too many: {string.Join(',', names)}");
        return (200, "text/xml", $"<{action}Response xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><{action}Result>{Result(action, parameters)}</{action}Result></{action}Response>");
    }

    string Result(string action, Dictionary<string, string> parameters)
    {
        var engine = cluster ? "aurora-postgresql" : "postgres";
        switch (action)
        {
            case "DescribeDBEngineVersions":
                Must(parameters["Engine"] == engine && parameters["DefaultOnly"] == "true", "the newest release of that engine");
                return parameters["EngineVersion"] == "17" ? $"<DBEngineVersions><DBEngineVersion><EngineVersion>17.6</EngineVersion><DBParameterGroupFamily>{engine}17</DBParameterGroupFamily></DBEngineVersion></DBEngineVersions>"
                    : "<DBEngineVersions/>";
            case "DescribeDBInstances":
                return $"<DBInstances><DBInstance><DBInstanceStatus>{(++_looks == 1 ? "creating" : Outcome)}</DBInstanceStatus><Endpoint><Address>new.abc.eu-west-1.rds.amazonaws.com</Address><Port>5432</Port></Endpoint></DBInstance></DBInstances>";
            case "DescribeDBClusters":
                return "<DBClusters><DBCluster><Endpoint>new.cluster-abc.eu-west-1.rds.amazonaws.com</Endpoint><Port>5432</Port></DBCluster></DBClusters>";
            case "CreateDBParameterGroup" or "CreateDBClusterParameterGroup":
                Must(parameters["DBParameterGroupFamily"] == $"{engine}17", "the family of another version");
                break;
            case "CreateDBCluster" or "CreateDBInstance":
                Make(action, parameters);
                break;
        }

        _made.Add(action);
        return "";
    }

    void Make(string action, Dictionary<string, string> parameters)
    {
        Must(!parameters.Keys.Any(name => name.EndsWith("ParameterGroupName", StringComparison.Ordinal)) || _made.Any(made => made.StartsWith("Modify", StringComparison.Ordinal)), "a group that is not there yet");
        Password = parameters.GetValueOrDefault("MasterUserPassword") ?? Password;
        Must(Password is { Length: >= 8 and <= 99 } && Password.All(char.IsAsciiLetterOrDigit), "a password of 8 to 99 characters");
        if (action == "CreateDBInstance")
        {
            Instance = parameters;
            Must(!cluster || (_made.Contains("CreateDBCluster") && !parameters.Keys.Any(_ofTheCluster.Contains)), "an instance before its cluster, or with what is the cluster's");
            Must(cluster || int.Parse(parameters["AllocatedStorage"], provider: null) is >= 20 and <= 65536, "AllocatedStorage of gp3");
        }
    }
}
