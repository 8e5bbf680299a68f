using System.Globalization;
using System.Net;
using System.Text;
using PgBaton.ControlPlane;

namespace PgBaton.Tests.ControlPlane;

/// <summary>
/// What the API reference of RDS (2014-10-31) says of the actions used here: the parameters each takes and must have, the answers' elements, and how an
/// instance goes from one state to the next: a parameter that needs a restart is in effect only after it.
/// </summary>
/// <param name="cluster">The instance is the writer of a cluster of Aurora.</param>
sealed class RdsServer(bool cluster) : ApiServer
{
    public static readonly AwsCredentials Keys = new("AKCANARY", "canary-secret", null);

    static readonly Dictionary<string, (string[] Must, string[] May)> _actions = new()
    {
        ["DescribeDBInstances"] = ([], ["DBInstanceIdentifier", "Filters", "MaxRecords", "Marker"]),
        ["DescribeDBClusters"] = ([], ["DBClusterIdentifier", "Filters", "MaxRecords", "Marker", "IncludeShared"]),
        ["DescribeDBParameters"] = (["DBParameterGroupName"], ["Source", "Filters", "MaxRecords", "Marker"]),
        ["DescribeDBClusterParameters"] = (["DBClusterParameterGroupName"], ["Source", "Filters", "MaxRecords", "Marker"]),
        ["DescribeDBParameterGroups"] = ([], ["DBParameterGroupName", "Filters", "MaxRecords", "Marker"]),
        ["DescribeDBClusterParameterGroups"] = ([], ["DBClusterParameterGroupName", "Filters", "MaxRecords", "Marker"]),
        ["CreateDBParameterGroup"] = (["DBParameterGroupName", "DBParameterGroupFamily", "Description"], ["Tags"]),
        ["CreateDBClusterParameterGroup"] = (["DBClusterParameterGroupName", "DBParameterGroupFamily", "Description"], ["Tags"]),
        ["ModifyDBParameterGroup"] = (["DBParameterGroupName", "Parameters"], []),
        ["ModifyDBClusterParameterGroup"] = (["DBClusterParameterGroupName", "Parameters"], []),
        ["ModifyDBInstance"] = (["DBInstanceIdentifier"], ["DBParameterGroupName", "ApplyImmediately"]),
        ["ModifyDBCluster"] = (["DBClusterIdentifier"], ["DBClusterParameterGroupName", "ApplyImmediately"]),
        ["RebootDBInstance"] = (["DBInstanceIdentifier"], ["ForceFailover"]),
    };

    readonly Dictionary<string, string> _values = [];
    string _status = "available";

    public string Group { get; set; } = cluster ? "default.aurora-postgresql16" : "default.postgres16";

    public string GroupStatus { get; set; } = "in-sync";

    /// <summary>Groups that somebody has made.</summary>
    public HashSet<string> Groups { get; } = [];

    /// <summary>What is changed has taken effect with the answer.</summary>
    public bool IsQuick { get; init; }

    public string? ValueIn(string group) => _values.GetValueOrDefault(group);

    public void Set(string group, string value) => _values[group] = value;

    string Kind => cluster ? "Cluster" : "";

    protected override (int Status, string Type, string Body) Answer(HttpListenerRequest request, string body)
    {
        var parameters = body.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1]));
        var action = parameters["Action"];
        Requests.Add(action);
        Must(request.HttpMethod == "POST" && parameters["Version"] == "2014-10-31", "method or version");
        Must(IsSigned(request, body), "the signature");
        if (!_actions.TryGetValue(action, out var known))
            return (400, "text/xml", "<ErrorResponse><Error><Code>InvalidAction</Code><Message>no such action</Message></Error></ErrorResponse>");
        var names = parameters.Keys.Except(["Action", "Version"]).Select(name => name.Split('.')[0]).ToHashSet();
        Must(names.All(name => known.Must.Contains(name) || known.May.Contains(name)), $"{action} has no parameter {string.Join(',', names)}");
        Must(known.Must.All(names.Contains), $"{action} lacks one of {string.Join(',', known.Must)}");
        return (200, "text/xml", $"<{action}Response xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><{action}Result>{Result(action, parameters)}</{action}Result></{action}Response>");
    }

    string Result(string action, Dictionary<string, string> parameters) => action switch
    {
        "DescribeDBInstances" => Instance(),
        "DescribeDBClusters" =>
            $"<DBClusters><DBCluster><DBClusterIdentifier>shop</DBClusterIdentifier><DBClusterParameterGroup>{Group}</DBClusterParameterGroup><DBClusterMembers>"
            + "<DBClusterMember><DBInstanceIdentifier>shop-2</DBInstanceIdentifier><IsClusterWriter>false</IsClusterWriter><DBClusterParameterGroupStatus>in-sync</DBClusterParameterGroupStatus></DBClusterMember>"
            + $"<DBClusterMember><DBInstanceIdentifier>shop-1</DBInstanceIdentifier><IsClusterWriter>true</IsClusterWriter><DBClusterParameterGroupStatus>{GroupStatus}</DBClusterParameterGroupStatus></DBClusterMember>"
            + "</DBClusterMembers></DBCluster></DBClusters>",
        "DescribeDBParameters" or "DescribeDBClusterParameters" => Parameters(parameters[$"DB{Kind}ParameterGroupName"], parameters.GetValueOrDefault("Marker")),
        "DescribeDBParameterGroups" or "DescribeDBClusterParameterGroups" => string.Concat(Groups.Select(group => $"<DB{Kind}ParameterGroup><DB{Kind}ParameterGroupName>{group}</DB{Kind}ParameterGroupName></DB{Kind}ParameterGroup>")),
        _ => Change(action, parameters),
    };

    string Change(string action, Dictionary<string, string> parameters)
    {
        var group = parameters.GetValueOrDefault($"DB{Kind}ParameterGroupName");
        if (action.StartsWith("Create", StringComparison.Ordinal))
        {
            Must(Groups.Add(group!), "the group exists already");
            Must(parameters["DBParameterGroupFamily"] == (cluster ? "aurora-postgresql16" : "postgres16"), "the family of another version");
        }
        else if (action is "ModifyDBParameterGroup" or "ModifyDBClusterParameterGroup")
        {
            Must(Groups.Contains(group!), "a default group cannot be changed");
            Must(parameters["Parameters.Parameter.1.ParameterName"] == "rds.logical_replication", "the name of the parameter");
            Must(parameters["Parameters.Parameter.1.ApplyMethod"] == "pending-reboot", "a static parameter is applied at a reboot");
            Set(group!, parameters["Parameters.Parameter.1.ParameterValue"]);
            GroupStatus = group == Group ? "pending-reboot" : GroupStatus;
        }
        else if (action is "ModifyDBInstance" or "ModifyDBCluster")
        {
            Must(Groups.Contains(group!) && parameters["ApplyImmediately"] == "true", "a group that is there, at once");
            (Group, GroupStatus) = (group!, IsQuick ? "pending-reboot" : "applying");
        }
        else
        {
            Must(GroupStatus == "pending-reboot" && parameters["DBInstanceIdentifier"] == (cluster ? "shop-1" : "shop"), "a reboot before the group is applied, or of another instance");
            (_status, GroupStatus) = (IsQuick ? "available" : "rebooting", "in-sync");
        }

        return "";
    }

    // What is under way is done when it has been looked at.
    string Instance()
    {
        var text = "<DBInstances><DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier>"
            + $"<Engine>{(cluster ? "aurora-postgresql" : "postgres")}</Engine><DBInstanceStatus>{_status}</DBInstanceStatus>"
            + (cluster ? "<DBClusterIdentifier>shop</DBClusterIdentifier>" : "")
            + $"<DBParameterGroups><DBParameterGroup><DBParameterGroupName>{(cluster ? "default.instance" : Group)}</DBParameterGroupName><ParameterApplyStatus>{(cluster ? "in-sync" : GroupStatus)}</ParameterApplyStatus>"
            + "</DBParameterGroup></DBParameterGroups></DBInstance></DBInstances>";
        _status = "available";
        GroupStatus = GroupStatus == "applying" ? "pending-reboot" : GroupStatus;
        return text;
    }

    // In two pages, as there are hundreds of parameters.
    string Parameters(string group, string? marker)
        => marker is null
            ? "<Parameters><Parameter><ParameterName>max_connections</ParameterName><ParameterValue>100</ParameterValue></Parameter></Parameters><Marker>next</Marker>"
            : $"<Parameters><Parameter><ParameterName>rds.logical_replication</ParameterName>{(ValueIn(group) is { } value ? $"<ParameterValue>{value}</ParameterValue>" : "")}</Parameter></Parameters>";

    /// <summary>With the test's keys, for the region eu-west-1.</summary>
    public static bool IsSigned(HttpListenerRequest request, string body)
    {
        var at = DateTimeOffset.ParseExact(request.Headers["X-Amz-Date"]!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var expected = new AwsSignature(Keys, "eu-west-1", "rds").Sign(
            "POST", request.Url!, new Dictionary<string, string> { ["Content-Type"] = request.ContentType! }, Encoding.UTF8.GetBytes(body), at);
        return request.Headers["Authorization"] == expected["Authorization"];
    }
}
