using System.Collections.Immutable;

namespace PgBaton.Providers;

/// <summary>Finds out where a server is at home.</summary>
static class Home
{
    // What is built on another's servers comes before that other.
    static readonly ImmutableArray<Provider> _known =
    [
        new PlanetScale(), new Neon(), new Supabase(), new Heroku(), new Aurora(), new AmazonRds(), new AlloyDb(), new CloudSql(),
        new AzureFlexible(), new DigitalOcean(), new Aiven(), new Timescale(), new CrunchyBridge(), new Render(), new Fly(), new Railway(),
    ];

    /// <summary>All of them, self-hosted last.</summary>
    public static IEnumerable<Provider> All => [.. _known, SelfHosted];

    /// <summary>A server that shows no provider's sign.</summary>
    public static Provider SelfHosted { get; } = new SelfHosted();

    /// <summary>As <c>pgbaton provider --at</c> takes them.</summary>
    public static IReadOnlyDictionary<string, Provider> ByWord { get; } = _known.Append(SelfHosted).ToDictionary(WordOf);

    /// <summary>A name without blanks.</summary>
    public static string WordOf(Provider provider) => provider switch
    {
        PlanetScale => "planetscale",
        AmazonRds => "rds",
        Aurora => "aurora",
        Heroku => "heroku",
        AzureFlexible => "azure",
        Fly => "fly",
        _ => provider.Name.ToLowerInvariant().Replace(' ', '-'),
    };

    /// <summary>What the server shows beats what its host is called: anybody can name a host.</summary>
    public static Provider Of(ServerSigns signs)
        => _known.FirstOrDefault(provider => provider.Shows(signs)) ?? _known.FirstOrDefault(provider => provider.IsHost(signs)) ?? SelfHosted;
}
