using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using PgBaton.Cli.Report;
using PgBaton.Cli.Views;
using PgBaton.Web;

namespace PgBaton.Cli.Commands;

/// <summary>What was said about serving, until it is known to be safe.</summary>
sealed record ServeSettings(
    string Listen, string? TokenFile, string? Certificate, string? Key, IReadOnlyList<string> Hosts, bool Insecure, MigrationOptions? Migration,
    Func<MigrationOptions, MigrationOptions> Complete)
{
    const int ShortestToken = 24;

    /// <summary>Listens, and returns the address with the token in it.</summary>
    /// <exception cref="MigrationException">PB0020, PB0032, PB0044, PB0045, PB0046.</exception>
    public async Task<(Uri Url, IAsyncDisposable Server)> StartAsync(TimeProvider time, CancellationToken ct)
    {
        var options = new ServeOptions
        {
            Listen = Endpoint(), Token = await TokenAsync(ct), TlsCertificate = Certificate, TlsKey = Key, HostNames = Hosts, Migration = Migration,
            Complete = Complete,
        };
        if ((Certificate is null) != (Key is null))
            throw Errors.Usage("--tls-cert and --tls-key belong together", detail: null, "Give both, or neither.");
        if (!options.IsLoopback && (TokenFile is null || (Certificate is null && !Insecure)))
            throw Errors.OpenToOthers(Listen);
        try
        {
            var server = await WebServer.StartAsync(options, AsInTerminal(), time, ct);
            return (new Uri(Shown(server.Address), $"/?token={Uri.EscapeDataString(options.Token)}"), server);
        }
        catch (Exception failure) when (failure is (IOException and not (FileNotFoundException or DirectoryNotFoundException)) or SocketException)
        {
            throw Errors.NotListening(Listen, failure);
        }
        catch (CryptographicException failure)
        {
            throw Errors.Usage(
                $"the certificate or its key cannot be used: {failure.Message}", detail: null,
                "Both are PEM files, and the key is that of the certificate.");
        }
    }

    /// <summary>What the page shows as the terminal does.</summary>
    internal static Renderings AsInTerminal() => new()
    {
        Sentence = Sentence.Of,
        ReportPage = ReportPage.Of,
        LagPlot = (lag, width) => ReportPage.LagPlot(lag, width)?.ToJson(),
        ErrorOf = failure => Failure.Of(failure, signal: null),
    };

    // "Any address" is none that a browser could go to.
    Uri Shown(Uri address) => Hosts is [var name, ..] ? new UriBuilder(address) { Host = name }.Uri : address;

    IPEndPoint Endpoint()
        => Listen.LastIndexOf(':') > Listen.LastIndexOf(']')
           && IPEndPoint.TryParse(Listen.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal), out var endpoint)
            ? endpoint
            : throw Errors.Usage(
                $"--listen takes an address and a port, not \"{Listen}\"", detail: null,
                "For example --listen 127.0.0.1:7432, or --listen [::1]:7432.");

    async Task<string> TokenAsync(CancellationToken ct)
    {
        if (TokenFile is not { } file)
            return Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var token = (await File.ReadAllTextAsync(file, ct)).Trim();
        return token.Length >= ShortestToken ? token : throw Errors.WeakToken(file);
    }
}
