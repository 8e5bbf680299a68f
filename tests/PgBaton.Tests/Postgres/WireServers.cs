namespace PgBaton.Tests.Postgres;

/// <summary>A server with TLS and one without, and a role for each way to be let in.</summary>
public sealed class WireServers : IAsyncDisposable
{
    static readonly string[] _hba =
    [
        "host all by_scram all scram-sha-256", "host all by_md5 all md5", "host all by_password all password", "hostssl all only_ssl all scram-sha-256",
        "host all only_ssl all reject", "hostnossl all never_ssl all scram-sha-256", "host all never_ssl all reject", "hostssl all by_certificate all cert",
    ];

    readonly CertificateFolder _certificates = new();
    Task? _starting;
    OwnServer _tls = null!, _plain = null!;

    public OwnServer Tls => _tls;

    public string File(string name) => _certificates.Of(name);

    /// <summary>Once, for the first test that wants them: a test can be skipped, a fixture cannot.</summary>
    public Task StartAsync() => _starting ??= StartBothAsync();

    /// <summary>From the next connection on.</summary>
    public async Task ShowAsync(string certificate)
    {
        await _certificates.GiveAsync($"{certificate}.key");
        await _tls.ConfigureAsync($"ssl_cert_file = '{File($"{certificate}.pem")}'\nssl_key_file = '{File($"{certificate}.key")}'");
        await _tls.ReloadAsync();
    }

    /// <summary>$tls and $plain are ports, $sockets a folder, $file a certificate or key.</summary>
    public string Filled(string text)
    {
        text = text.Replace("$tls", $"{_tls.Port}", StringComparison.Ordinal).Replace("$plain", $"{_plain.Port}", StringComparison.Ordinal)
            .Replace("$sockets", Path.GetDirectoryName(_tls.DataFolder), StringComparison.Ordinal);
        return System.Text.RegularExpressions.Regex.Replace(text, @"\$([\w.]+\.(pem|key))", match => File(match.Groups[1].Value));
    }

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
            await _tls.DisposeAsync();
        if (_plain is not null)
            await _plain.DisposeAsync();
        _certificates.Dispose();
    }

    async Task StartBothAsync()
    {
        await _certificates.GiveAsync("server.key");
        _plain = await StartAsync("");
        _tls = await StartAsync($"ssl = on\nssl_cert_file = '{File("server.pem")}'\nssl_key_file = '{File("server.key")}'\nssl_ca_file = '{File("right.pem")}'");
    }

    static async Task<OwnServer> StartAsync(string settings)
    {
        var server = await OwnServer.StartAsync(17, $"listen_addresses = '127.0.0.1, ::1'\n{settings}");
        await server.ExecuteAsync(string.Concat(
            _hba.Select(line => line.Split(' ')[2]).Distinct().Append("trusted").Select(role => $"SET password_encryption = '{(role == "by_md5" ? "md5" : "scram-sha-256")}'; CREATE ROLE {role} LOGIN REPLICATION PASSWORD 'right'; ")));
        await server.PrependHbaAsync(string.Join('\n', _hba));
        return server;
    }
}
