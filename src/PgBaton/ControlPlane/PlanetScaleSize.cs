namespace PgBaton.ControlPlane;

/// <summary>A size of a cluster that an organization can have.</summary>
/// <param name="Name">As a new database takes it: <c>PS_10</c>.</param>
/// <param name="IsMetal">Its disk is in the machine, and never grows.</param>
/// <param name="Disk">Bytes, of a Metal size.</param>
sealed record PlanetScaleSize(string Name, bool IsMetal, long Disk)
{
    public static async Task<IReadOnlyList<PlanetScaleSize>> ListAsync(PlanetScaleApi api, string? region, CancellationToken ct)
        =>
        [
            .. from size in await api.ArrayAsync($"cluster-size-skus?engine=postgresql{(region is null ? "" : $"&region={Uri.EscapeDataString(region)}")}", ct)
               where (bool?)size["enabled"] == true
               select new PlanetScaleSize((string)size["name"]!, (bool?)size["metal"] == true, (long?)size["storage"] ?? 0),
        ];
}
