namespace PgBaton.ControlPlane;

/// <summary>What somebody wants to have done at a provider.</summary>
/// <param name="Action">enable-logical-replication, create-target or prepare-target.</param>
/// <param name="Provider">Where, as <c>Home.ByWord</c> names it.</param>
sealed record ProviderOrder(string Action, string Provider)
{
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
}
