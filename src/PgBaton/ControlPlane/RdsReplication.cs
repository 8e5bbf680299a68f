namespace PgBaton.ControlPlane;

/// <summary>Logical replication on RDS and Aurora: a parameter, a group of one's own to set it in, and a reboot.</summary>
/// <param name="api">Of the server's region.</param>
/// <param name="time">Between two looks.</param>
sealed class RdsReplication(RdsApi api, TimeProvider time)
{
    const string Parameter = "rds.logical_replication";
    static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    /// <param name="instance">Its identifier; or null, and a cluster's.</param>
    /// <param name="cluster">Of Aurora; null for an instance.</param>
    /// <param name="ct">Ends the questions; nothing is changed by them.</param>
    public async Task<ProviderChange> PlanAsync(string? instance, string? cluster, CancellationToken ct)
    {
        var server = await RdsServer.ReadAsync(api, instance, cluster, ct);
        var isSet = await ValueAsync(server, ct) is "1" or "on";
        if (isSet && server.IsInSync)
            return ProviderChange.Nothing;
        return new(
            [
                .. (server.HasDefaultGroup ? (string[])[$"Make parameter group {server.OwnGroup} and give it to {server.Cluster ?? server.Instance}: {server.Group} cannot be changed."] : []),
                .. (isSet ? (string[])[] : [$"Set {Parameter} = 1 in parameter group {server.OwnGroup}, for every server that has that group."]),
                $"Reboot {server.Instance}, and wait until it is available with the group in sync.",
            ],
            $"{server.Instance} is down for the reboot, usually a minute or two; its connections end.", Irreversible: null,
            async (tell, token) =>
            {
                await RunAsync(server, isSet, tell, token);
                return new Dictionary<string, string> { ["instance"] = server.Instance, ["parameter_group"] = server.OwnGroup };
            });
    }

    async Task RunAsync(RdsServer server, bool isSet, Action<string> tell, CancellationToken ct)
    {
        var (group, name) = ($"DB{server.Kind}ParameterGroup", $"DB{server.Kind}ParameterGroupName");
        if (server.HasDefaultGroup && !await ExistsAsync(server, ct))
        {
            await api.CallAsync(
                $"Create{group}", ct, (name, server.OwnGroup), ("DBParameterGroupFamily", server.Family), ("Description", "with logical replication, made by pgbaton"));
            tell($"parameter group {server.OwnGroup} is made");
        }

        if (!isSet)
        {
            await api.CallAsync(
                $"Modify{group}", ct, (name, server.OwnGroup), ("Parameters.Parameter.1.ParameterName", Parameter), ("Parameters.Parameter.1.ParameterValue", "1"),
                ("Parameters.Parameter.1.ApplyMethod", "pending-reboot"));
            tell($"{Parameter} is set");
        }

        if (server.HasDefaultGroup)
        {
            await (server.Cluster is { } cluster
                ? api.CallAsync("ModifyDBCluster", ct, ("DBClusterIdentifier", cluster), (name, server.OwnGroup), ("ApplyImmediately", "true"))
                : api.CallAsync("ModifyDBInstance", ct, ("DBInstanceIdentifier", server.Instance), (name, server.OwnGroup), ("ApplyImmediately", "true")));
            tell($"{server.Cluster ?? server.Instance} has parameter group {server.OwnGroup}");
        }

        await WaitAsync(server, now => now.IsSettled && now.Group == server.OwnGroup, ct);
        await api.CallAsync("RebootDBInstance", ct, ("DBInstanceIdentifier", server.Instance));
        tell($"{server.Instance} is being rebooted");
        await WaitAsync(server, now => now.IsInSync && now.Group == server.OwnGroup, ct);
        if (await ValueAsync(await RdsServer.ReadAsync(api, server.Instance, server.Cluster, ct), ct) is not ("1" or "on"))
            throw Errors.ApiDidNotDoIt("Amazon RDS", $"{Parameter} is not 1 after the reboot");
    }

    async Task WaitAsync(RdsServer server, Func<RdsServer, bool> until, CancellationToken ct)
    {
        while (true)
        {
            var now = await RdsServer.ReadAsync(api, server.Instance, server.Cluster, ct);
            if (now.GroupStatus == "failed-to-apply" || now.Status is "failed" or "incompatible-parameters")
                throw Errors.ApiDidNotDoIt("Amazon RDS", $"{server.Instance} is {now.Status}, its parameter group {now.GroupStatus}");
            if (until(now))
                return;
            await Task.Delay(_interval, time, ct);
        }
    }

    // Of an earlier run that was cut off.
    async Task<bool> ExistsAsync(RdsServer server, CancellationToken ct)
    {
        var groups = $"DB{server.Kind}ParameterGroups";
        for (string? marker = null; ;)
        {
            var page = await api.CallAsync($"Describe{groups}", ct, ("Marker", marker));
            if (Xml.All(page, $"DB{server.Kind}ParameterGroupName").Any(found => found.Value == server.OwnGroup))
                return true;
            marker = Xml.Text(page, "Marker");
            if (string.IsNullOrEmpty(marker))
                return false;
        }
    }

    // Only what somebody has set has a value.
    async Task<string?> ValueAsync(RdsServer server, CancellationToken ct)
    {
        for (string? marker = null; ;)
        {
            var page = await api.CallAsync($"DescribeDB{server.Kind}Parameters", ct, ($"DB{server.Kind}ParameterGroupName", server.Group), ("Marker", marker));
            if (Xml.All(page, "Parameter").FirstOrDefault(parameter => Xml.Text(parameter, "ParameterName") == Parameter) is { } found)
                return Xml.Text(found, "ParameterValue");
            marker = Xml.Text(page, "Marker");
            if (string.IsNullOrEmpty(marker))
                return null;
        }
    }
}
