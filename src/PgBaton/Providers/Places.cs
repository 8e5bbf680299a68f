using System.Text.RegularExpressions;

namespace PgBaton.Providers;

/// <summary>Where on earth a region is: two clouds call the same city by different names.</summary>
static partial class Places
{
    static readonly Dictionary<string, string[]> _regions = new()
    {
        ["Virginia"] = ["aws-us-east-1", "gcp-us-east4", "azure-eastus", "azure-eastus2", "virginia"],
        ["Ohio"] = ["aws-us-east-2", "gcp-us-east5", "ohio"],
        ["Oregon"] = ["aws-us-west-2", "gcp-us-west1", "oregon"],
        ["California"] = ["aws-us-west-1", "azure-westus"],
        ["Montreal"] = ["aws-ca-central-1", "gcp-northamerica-northeast1"],
        ["Toronto"] = ["gcp-northamerica-northeast2", "azure-canadacentral"],
        ["São Paulo"] = ["aws-sa-east-1", "gcp-southamerica-east1", "azure-brazilsouth"],
        ["Dublin"] = ["aws-eu-west-1", "azure-northeurope"],
        ["London"] = ["aws-eu-west-2", "gcp-europe-west2", "azure-uksouth"],
        ["Paris"] = ["aws-eu-west-3", "gcp-europe-west9", "azure-francecentral"],
        ["Frankfurt"] = ["aws-eu-central-1", "gcp-europe-west3", "azure-germanywestcentral", "azure-gwc", "frankfurt"],
        ["Zurich"] = ["aws-eu-central-2", "gcp-europe-west6", "azure-switzerlandnorth"],
        ["Milan"] = ["aws-eu-south-1", "gcp-europe-west8", "azure-italynorth"],
        ["Stockholm"] = ["aws-eu-north-1", "gcp-europe-north2"],
        ["Tokyo"] = ["aws-ap-northeast-1", "gcp-asia-northeast1", "azure-japaneast"],
        ["Osaka"] = ["aws-ap-northeast-3", "gcp-asia-northeast2", "azure-japanwest"],
        ["Seoul"] = ["aws-ap-northeast-2", "gcp-asia-northeast3", "azure-koreacentral"],
        ["Mumbai"] = ["aws-ap-south-1", "gcp-asia-south1"],
        ["Singapore"] = ["aws-ap-southeast-1", "gcp-asia-southeast1", "azure-southeastasia", "singapore"],
        ["Jakarta"] = ["aws-ap-southeast-3", "gcp-asia-southeast2"],
        ["Hong Kong"] = ["aws-ap-east-1", "gcp-asia-east2", "azure-eastasia"],
        ["Sydney"] = ["aws-ap-southeast-2", "gcp-australia-southeast1", "azure-australiaeast"],
    };

    static readonly Dictionary<string, string> _places = _regions.SelectMany(place => place.Value.Select(region => (region, place.Key))).ToDictionary(pair => pair.region, pair => pair.Key);

    /// <summary>A city or a state; null where the name says nothing to us.</summary>
    public static string? Of(string region) => _places.GetValueOrDefault(CloudOf(region));

    /// <summary>The cloud's own name of it: providers number their cells behind it (<c>aws-eu-central-1-2</c>).</summary>
    public static string CloudOf(string region) => Cell().Replace(region, "$1");

    [GeneratedRegex(@"^(aws-[a-z]+(?:-[a-z]+)+-\d+)-\d+$")]
    private static partial Regex Cell();
}
