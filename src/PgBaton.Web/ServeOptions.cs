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

    /// <summary>Only this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Listen.Address);
}
