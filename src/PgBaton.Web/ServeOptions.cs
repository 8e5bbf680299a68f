using System.Net;

namespace PgBaton.Web;

/// <summary>Where to listen, and who may come in.</summary>
public sealed record ServeOptions
{
    /// <summary>Port 0: any that is free.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>What a visitor has to bring.</summary>
    public required string Token { get; init; }

    /// <summary>PEM file of the certificate, with those between it and the root; null: no TLS.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM file of its key.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Names by which this machine is known, beside its addresses and <c>localhost</c>.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Listed from the beginning; null: none.</summary>
    public MigrationOptions? Migration { get; init; }

    /// <summary>What is done with every migration here, whoever names it.</summary>
    public Func<MigrationOptions, MigrationOptions> Complete { get; init; } = options => options;

    /// <summary>The environment, in which the keys to the providers' APIs are.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where the connection string of a target goes that is made at a provider.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Only this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Listen.Address);
}
