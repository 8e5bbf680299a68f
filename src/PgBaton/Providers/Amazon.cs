namespace PgBaton.Providers;

/// <summary>What hosts of Amazon's databases have in common: <c>name.[cluster-[ro-|custom-]|proxy-]hash.region.rds.amazonaws.com[.cn]</c>.</summary>
static class Amazon
{
    public static bool IsHost(ServerSigns signs) => signs.HostEnds(".rds.amazonaws.com") || signs.HostEnds(".rds.amazonaws.com.cn");

    public static string? RegionOf(ServerSigns signs)
        => IsHost(signs) && Array.IndexOf(signs.Labels, "rds") is var rds and > 2 ? $"aws-{signs.Labels[rds - 1]}" : null;

    /// <summary>A proxy has no replication; readers' endpoints lead to another server each time.</summary>
    public static string? DirectInsteadOf(ServerSigns signs)
    {
        if (!IsHost(signs) || signs.Labels.Length < 5)
            return null;
        var label = signs.Labels[1];
        return label.StartsWith("proxy-", StringComparison.Ordinal) ? "the endpoint of the instance or cluster behind the proxy"
            : label.StartsWith("cluster-ro-", StringComparison.Ordinal) || label.StartsWith("cluster-custom-", StringComparison.Ordinal)
                ? $"{signs.Labels[0]}.cluster-{label[(label.LastIndexOf('-') + 1)..]}.{string.Join('.', signs.Labels[2..])}"
                : null;
    }

    /// <summary>An endpoint that only a cluster of Aurora (or a Multi-AZ cluster) has.</summary>
    public static bool IsCluster(ServerSigns signs)
        => IsHost(signs) && signs.Labels.Length >= 5 && signs.Labels[1].StartsWith("cluster-", StringComparison.Ordinal);
}
