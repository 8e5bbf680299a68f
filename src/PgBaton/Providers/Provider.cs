namespace PgBaton.Providers;

/// <summary>
/// A home of PostgreSQL servers: how it is recognised, what it allows, how its settings are changed. Facts of October 2026; what a server
/// itself says always wins.
/// </summary>
/// <param name="name">As people say it.</param>
abstract class Provider(string name)
{
    public string Name => name;

    /// <summary>The server itself shows it: settings, roles, schemas, functions that only this home has.</summary>
    public virtual bool Shows(ServerSigns signs) => false;

    /// <summary>The host's name is one of its names. Asked only if no server sign tells.</summary>
    public virtual bool IsHost(ServerSigns signs) => false;

    /// <summary>Where it stands, as the provider writes it; null where neither host nor server tells.</summary>
    public virtual string? RegionOf(ServerSigns signs) => null;

    /// <summary>The host, or host and port, to use instead of a pooled endpoint or one that spreads readers; null: this is a direct one.</summary>
    public virtual string? DirectInsteadOf(ServerSigns signs) => null;

    /// <summary>The provider's pooler in front of a direct endpoint, for the application; null where none is known by its name alone.</summary>
    public virtual (string Host, int Port)? PooledInsteadOf(ServerSigns signs) => null;

    /// <summary>Why no logical replication can leave it, whatever is set; null if it can.</summary>
    public virtual string? CannotPublish => null;

    /// <summary>How wal_level becomes logical there, and what that costs.</summary>
    public virtual string EnableLogicalReplication => Set("wal_level", "logical", restarts: true);

    /// <summary>How a role gets the right to replicate.</summary>
    public virtual string GrantReplication(string role) => $"ALTER ROLE {role} REPLICATION;";

    /// <summary>How one of the server's settings is changed.</summary>
    /// <param name="setting">As PostgreSQL calls it.</param>
    /// <param name="value">Without quotes.</param>
    /// <param name="restarts">The server has to be restarted for it.</param>
    public virtual string Set(string setting, string value, bool restarts)
        => $"Have {Name} set {setting} = {value}{(restarts ? "; the server is restarted for it" : "")}.";

    /// <summary>Schemas that belong to the platform, not to the application; whether their rows are to move is the operator's decision.</summary>
    public virtual IReadOnlyList<string> PlatformSchemas => [];

    /// <summary>From where its servers connect to others, as far as it publishes that; null where it does not, or for another region.</summary>
    public virtual OutboundAddresses? AddressesIn(string region) => null;

    /// <summary>Where the list of those addresses is to be had.</summary>
    public virtual string WhereItsAddressesAre => $"{Name} publishes no list: ask its support, or connect the two networks privately.";

    /// <summary>How its firewall lets others in.</summary>
    /// <param name="addresses">IPv4; only these, and never 0.0.0.0/0.</param>
    /// <param name="port">Of the server.</param>
    public virtual string LetIn(IReadOnlyList<string> addresses, int port)
        => $"In the console of {Name}, let in: {string.Join(", ", addresses.Select(address => $"{address}/32"))}";

    /// <summary>How a database to move to is made there, for a person to complete.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="region">As the provider writes it; null: to be chosen.</param>
    /// <param name="major">Of PostgreSQL.</param>
    public virtual string CreateTarget(string title, string? region, int major)
        => $"Make a database {title} of PostgreSQL {major}{(region is null ? "" : $" in {region}")} in the console of {Name}.";

    /// <summary>What a target there should have before the copy.</summary>
    public virtual string PrepareTarget => $"Disk for one and a half times the source's size; for a way back: {CannotPublish ?? EnableLogicalReplication}";

    /// <summary>What its documentation lists; null: there is no list of it here.</summary>
    public virtual ExtensionList? Extensions => null;

    /// <summary>What has hurt others there.</summary>
    public virtual IReadOnlyList<string> Traps => [];
}
