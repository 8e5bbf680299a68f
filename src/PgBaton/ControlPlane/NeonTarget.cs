using System.Text.Json.Nodes;

namespace PgBaton.ControlPlane;

/// <summary>The project of Neon to make.</summary>
/// <param name="Name">For people.</param>
/// <param name="Region">As <c>aws-eu-central-1</c>.</param>
/// <param name="Major">Of PostgreSQL.</param>
/// <param name="Organization">For a personal key of somebody who is in several; null: the key's own.</param>
/// <param name="LeastUnits">Compute units when idle.</param>
/// <param name="MostUnits">Compute units under load.</param>
/// <param name="LogicalReplication">For a way back.</param>
sealed record NeonTarget(string Name, string Region, int Major, string? Organization, double LeastUnits, double MostUnits, bool LogicalReplication)
{
    /// <summary>Regions that take new projects; by the documentation of 2026-01.</summary>
    public static IReadOnlyList<string> Regions { get; } =
    [
        "aws-us-east-1", "aws-us-east-2", "aws-us-west-2", "aws-eu-central-1", "aws-eu-west-2", "aws-ap-southeast-1", "aws-ap-southeast-2", "aws-sa-east-1",
    ];

    /// <summary>The same region if there is one; otherwise one on the same continent; null: none comes to mind.</summary>
    public static string? NearestTo(string region)
    {
        if (Regions.Contains(region))
            return region;
        var area = region.Split('-') is [_, var continent, ..] ? continent : "";
        return area switch
        {
            "eu" or "europe" or "me" or "af" or "il" => "aws-eu-central-1",
            "us" or "northamerica" or "ca" or "mx" => "aws-us-east-1",
            "sa" or "southamerica" => "aws-sa-east-1",
            "ap" or "asia" or "cn" => "aws-ap-southeast-1",
            "australia" => "aws-ap-southeast-2",
            _ => null,
        };
    }

    public JsonObject Request()
    {
        var project = new JsonObject
        {
            ["name"] = Name,
            ["region_id"] = Region,
            ["pg_version"] = Major,
            ["default_endpoint_settings"] = new JsonObject { ["autoscaling_limit_min_cu"] = LeastUnits, ["autoscaling_limit_max_cu"] = MostUnits },
        };
        if (Organization is not null)
            project["org_id"] = Organization;
        if (LogicalReplication)
            project["settings"] = new JsonObject { ["enable_logical_replication"] = true };
        return new JsonObject { ["project"] = project };
    }
}
