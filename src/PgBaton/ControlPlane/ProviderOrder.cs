using PgBaton.Postgres;
using PgBaton.Providers;

namespace PgBaton.ControlPlane;

/// <summary>What somebody wants to have done at a provider.</summary>
/// <param name="Action">One of <see cref="Actions"/>.</param>
/// <param name="Provider">Where: a key of <see cref="Providers"/>.</param>
public sealed record ProviderOrder(string Action, string Provider)
{
    /// <summary>enable-logical-replication (of the source), create-target, prepare-target.</summary>
    public static IReadOnlyList<string> Actions { get; } = ["enable-logical-replication", "create-target", "prepare-target"];

    /// <summary>The providers' names, by the words of <c>pgbaton provider --at</c>.</summary>
    public static IReadOnlyDictionary<string, string> Providers { get; } = Home.ByWord.ToDictionary(known => known.Key, known => known.Value.Name);

    /// <summary>Neon's project.</summary>
    public string? Project { get; init; }

    /// <summary>PlanetScale's database.</summary>
    public string? Database { get; init; }

    /// <summary>PlanetScale's branch.</summary>
    public string Branch { get; init; } = "main";

    /// <summary>PlanetScale's size of a cluster, Amazon's class of an instance.</summary>
    public string? Size { get; init; }

    /// <summary>Bytes of disk, at least.</summary>
    public long? Disk { get; init; }

    /// <summary>A slot that has to outlive a failover; null: none.</summary>
    public string? Slot { get; init; }

    /// <summary>Amazon's instance.</summary>
    public string? Instance { get; init; }

    /// <summary>Amazon's cluster.</summary>
    public string? Cluster { get; init; }

    /// <summary>As the provider writes it.</summary>
    public string? Region { get; init; }

    /// <summary>The major version of PostgreSQL of what is made.</summary>
    public int Major { get; init; } = 18;

    /// <summary>What is made is called so.</summary>
    public string Title { get; init; } = "pgbaton-target";

    /// <summary>Neon's organization, null: the key's; PlanetScale's, null: that of the environment.</summary>
    public string? Organization { get; init; }

    /// <summary>Neon's compute units: least and most.</summary>
    public (double Least, double Most) Units { get; init; } = (1, 8);

    /// <summary>Logical replication for what is made.</summary>
    public bool WayBack { get; init; }

    /// <summary>Where no plan can be made.</summary>
    public string NotByItself => $"pgbaton does not do this by itself at {Providers[Provider]}.";

    /// <summary>How a person does it: commands, or where to go in the console.</summary>
    public string ByHand
    {
        get
        {
            var provider = Home.ByWord[Provider];
            return Action switch
            {
                "create-target" => provider.CreateTarget(Title, Region, Major),
                "prepare-target" => provider.PrepareTarget,
                _ => provider.CannotPublish ?? provider.EnableLogicalReplication,
            };
        }
    }

    /// <summary>
    /// What the host in a connection string tells: the provider, if none is named, Amazon's instance or cluster, and the region. Nobody is asked: a
    /// server that is to be changed need not be reachable from here.
    /// </summary>
    /// <param name="action">One of <see cref="Actions"/>: whether it is about the source or the target.</param>
    /// <param name="provider">Null: the host tells.</param>
    /// <param name="source">Connection string; null: none.</param>
    /// <param name="target">The same.</param>
    /// <exception cref="MigrationException">PB0001; PB0020: it is not said where.</exception>
    public static ProviderOrder Of(string action, string? provider, string? source, string? target)
    {
        var signs = action == "enable-logical-replication" ? SignsOf(Side.Source, source) : SignsOf(Side.Target, target);
        var word = provider ?? (signs is null ? null : Home.WordOf(Home.Of(signs)))
            ?? throw Errors.Usage("it is not said where: --at is needed", detail: null, $"One of: {string.Join(", ", Home.ByWord.Keys)}.");
        var first = signs is not null && Amazon.IsHost(signs) ? signs.Labels[0] : null;
        var isCluster = signs is not null && Amazon.IsCluster(signs);
        return new(action, word)
        {
            Instance = isCluster ? null : first,
            Cluster = isCluster ? first : null,
            Region = signs is null ? null : Home.ByWord[word].RegionOf(signs),
        };
    }

    static ServerSigns? SignsOf(Side side, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var settings = ConnectionString.Parse(side, text).Settings[0];
        return new ServerSigns(settings.Host ?? "", settings.Port, settings.Username ?? "", settings.Database ?? "", new HashSet<string>(), IsSuperuser: false);
    }
}
