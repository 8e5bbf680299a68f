using System.Globalization;
using System.Text.Json.Nodes;

namespace PgBaton.ControlPlane;

/// <summary>A branch of a database at PlanetScale: its parameters and its disk, changed by change requests that go on after the answer.</summary>
/// <param name="api">Of its organization.</param>
/// <param name="database">Its name.</param>
/// <param name="branch">Its name; <c>main</c> where nobody made another.</param>
/// <param name="time">Between two looks.</param>
sealed class PlanetScaleBranch(PlanetScaleApi api, string database, string branch, TimeProvider time)
{
    /// <summary>A publisher: for the way out of there, or the way back.</summary>
    public static IReadOnlyDictionary<string, string> ToPublish { get; } = new Dictionary<string, string> { ["wal_level"] = "logical" };

    /// <summary>A subscriber: 4 workers, as it has at first, are too few.</summary>
    public static IReadOnlyDictionary<string, string> ToSubscribe { get; } = new Dictionary<string, string> { ["max_worker_processes"] = "10" };

    static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    readonly string _path = $"databases/{Uri.EscapeDataString(database)}/branches/{Uri.EscapeDataString(branch)}";

    /// <summary>Looks, and tells what would be changed.</summary>
    /// <param name="wanted">Parameters of <c>postgresql.conf</c>; of numbers, at least.</param>
    /// <param name="disk">Bytes at least; null: as it is.</param>
    /// <param name="slot">To be kept over a failover: the description publishes no field for the list of those, so a person has to enter it. Null: none.</param>
    /// <param name="ct">Ends the questions; nothing is changed by them.</param>
    /// <exception cref="MigrationException">PB0902 to PB0904.</exception>
    public async Task<ProviderChange> ConfigureAsync(IReadOnlyDictionary<string, string> wanted, long? disk, string? slot, CancellationToken ct)
    {
        var parameters = await ParametersAsync(ct);
        var missing = wanted.Where(pair => !Satisfies(ValueOf(parameters, pair.Key), pair.Value)).ToDictionary(pair => pair.Key, pair => pair.Value);
        var grow = disk is { } least && await DiskAsync(least, ct) < least ? disk : null;
        List<string> what =
        [
            .. missing.Select(pair => $"Set {pair.Key} = {pair.Value} for branch {branch} of {database}, now {ValueOf(parameters, pair.Key)}."),
            .. grow is { } bytes ? (string[])[$"Give branch {branch} of {database} at least {Gigabytes(bytes)} GB of disk."] : [],
            .. slot is null ? (string[])[] : [$"By hand, there is no call for it: enter {slot} under Cluster configuration > Failover > Logical slot name, or a failover loses that slot."],
        ];
        if (what.Count == 0)
            return ProviderChange.Nothing;
        var restarts = missing.Keys.Any(name => (bool?)Find(parameters, name)?["restart"] == true);
        return new(
            what, restarts ? $"The servers of branch {branch}, one after the other; their connections end." : null, Irreversible: null,
            async (tell, token) =>
            {
                if (missing.Count > 0 || grow is not null)
                    await ChangeAsync(missing, grow, tell, token);
                return new Dictionary<string, string> { ["database"] = database, ["branch"] = branch };
            });
    }

    async Task ChangeAsync(Dictionary<string, string> missing, long? disk, Action<string> tell, CancellationToken ct)
    {
        var body = new JsonObject();
        if (missing.Count > 0)
            body["parameters"] = new JsonObject { ["pgconf"] = new JsonObject(missing.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))) };
        if (disk is { } bytes)
            body["storage"] = new JsonObject { ["minimum_storage_bytes"] = bytes };
        var change = await api.PatchAsync($"{_path}/changes", body, ct);
        while (change is not null && (string?)change["state"] is "queued" or "pending" or "resizing")
        {
            await Task.Delay(_interval, time, ct);
            change = await api.GetAsync($"{_path}/changes/{Uri.EscapeDataString((string)change["id"]!)}", ct);
        }

        if (change is not null && (string?)change["state"] != "completed")
            throw Errors.ApiDidNotDoIt("PlanetScale", $"the change of branch {branch} ended as \"{change["state"]}\"");
        var after = await ParametersAsync(ct);
        foreach (var (name, value) in missing.Where(pair => !Satisfies(ValueOf(after, pair.Key), pair.Value)))
            throw Errors.ApiDidNotDoIt("PlanetScale", $"{name} is not {value} after the change");
        tell($"branch {branch} of {database} is changed");
    }

    // What the newest change request says; on Metal, the disk comes with the size that was chosen.
    async Task<long> DiskAsync(long wanted, CancellationToken ct)
    {
        var found = await api.GetAsync(_path, ct);
        if ((bool?)found["metal"] != true)
        {
            var changes = await api.ListAsync($"{_path}/changes", ct);
            return (long?)changes.FirstOrDefault(change => (string?)change["state"] == "completed")?["minimum_storage_bytes"] ?? 0;
        }

        var size = (await PlanetScaleSize.ListAsync(api, region: null, ct)).FirstOrDefault(size => size.Name == (string?)found["cluster_name"]);
        return size?.Disk >= wanted ? size.Disk
            : throw Errors.ApiDidNotDoIt("PlanetScale", $"branch {branch} is on Metal, whose disk comes with its size: {found["cluster_name"]} has {Gigabytes(size?.Disk ?? 0)} GB, {Gigabytes(wanted)} GB are wanted");
    }

    async Task<IReadOnlyList<JsonObject>> ParametersAsync(CancellationToken ct) => await api.ArrayAsync($"{_path}/parameters", ct);

    static JsonObject? Find(IReadOnlyList<JsonObject> parameters, string name)
        => parameters.FirstOrDefault(parameter => (string?)parameter["namespace"] == "pgconf" && (string?)parameter["name"] == name);

    static string ValueOf(IReadOnlyList<JsonObject> parameters, string name)
    {
        var found = Find(parameters, name) ?? throw Errors.ApiDidNotDoIt("PlanetScale", $"it has no parameter {name}");
        return (string?)found["value"] ?? (string?)found["default_value"] ?? "";
    }

    static bool Satisfies(string value, string wanted)
        => long.TryParse(wanted, CultureInfo.InvariantCulture, out var least) && long.TryParse(value, CultureInfo.InvariantCulture, out var now)
            ? now >= least : string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);

    static long Gigabytes(long bytes) => (bytes + (1L << 30) - 1) >> 30;
}
