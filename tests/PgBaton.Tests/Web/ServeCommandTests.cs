using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Web;

/// <summary>The real process.</summary>
public sealed partial class ServeCommandTests
{
    [Fact]
    public async Task the_printed_url_opens_the_page_and_a_signal_ends_it()
    {
        await using var run = CommandProcess.Start([], "serve", "--listen", "127.0.0.1:0");
        await run.WaitForAsync("Ctrl-C");
        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri(Url().Match(run.Output).Value));

        Assert.Contains("<script type=\"module\" src=\"/main.js\">", page, StringComparison.Ordinal);
        await run.SignalAsync("TERM");
        Assert.Equal(143, await run.EndAsync());
    }

    [Fact]
    public async Task a_port_that_is_taken_is_told()
    {
        await using var served = await Served.StartAsync();
        var (exitCode, run) = await CommandProcess.RunAsync("serve", "--listen", $"127.0.0.1:{served.Address.Port}");

        Assert.Equal(1, exitCode);
        Assert.Contains("PB0044", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task other_machines_come_only_where_that_is_safe()
    {
        var folder = Directory.CreateTempSubdirectory("pgbaton-test-");
        var (token, weak, certificate, key) = (Path.Combine(folder.FullName, "token"), Path.Combine(folder.FullName, "weak"), Path.Combine(folder.FullName, "cert.pem"), Path.Combine(folder.FullName, "key.pem"));
        await File.WriteAllTextAsync(token, $"{Served.Token}\n");
        await File.WriteAllTextAsync(weak, "secret\n");
        WriteCertificate(certificate, key);
        string[][] refused =
        [
            [], ["--token-file", token], ["--insecure"], ["--tls-cert", certificate, "--tls-key", key],
        ];
        foreach (var options in refused)
        {
            var (exitCode, run) = await CommandProcess.RunAsync(["serve", "--listen", "0.0.0.0:0", .. options]);
            Assert.Equal(2, exitCode);
            Assert.Contains("PB0045", run.Error, StringComparison.Ordinal);
        }

        var (tooShort, why) = await CommandProcess.RunAsync("serve", "--listen", "127.0.0.1:0", "--token-file", weak);
        Assert.Equal(2, tooShort);
        Assert.Contains("PB0046", why.Error, StringComparison.Ordinal);
        await AnswersByTlsAsync(token, certificate, key);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task the_folder_of_pg_dump_is_given_once_for_all_migrations()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("pgbaton-test-");
        var token = Path.Combine(folder.FullName, "token");
        await File.WriteAllTextAsync(token, Served.Token);
        await using var run = CommandProcess.Start([], "serve", "--listen", "127.0.0.1:0", "--token-file", token, "--pg-bin", folder.FullName);
        await run.WaitForAsync("Ctrl-C");
        using var client = new HttpClient { BaseAddress = new Uri(new Uri(Url().Match(run.Output).Value), "/") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Served.Token);
        var both = new { source = source.Uri, target = target.Uri };
        var id = (string?)JsonNode.Parse(await (await client.PostAsJsonAsync("/api/v1/migrations", both)).Content.ReadAsStringAsync())!["id"];

        foreach (var body in (object[])[new { both.source, both.target, only = new[] { "PB1085" } }, new { migration = id, only = new[] { "PB1085" } }])
        {
            var answer = await (await client.PostAsJsonAsync("/api/v1/check", body)).Content.ReadAsStringAsync();
            Assert.Contains(folder.FullName, answer, StringComparison.Ordinal);
            Assert.Equal("blocker", (string?)JsonNode.Parse(answer)!["findings"]![0]!["severity"]);
        }

        folder.Delete(recursive: true);
    }

    static async Task AnswersByTlsAsync(string token, string certificate, string key)
    {
        await using var run = CommandProcess.Start([], "serve", "--listen", "0.0.0.0:0", "--token-file", token, "--tls-cert", certificate, "--tls-key", key);
        await run.WaitForAsync("Ctrl-C");
        var url = new UriBuilder(Url().Match(run.Output).Value) { Host = "127.0.0.1" }.Uri;
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Subject == "CN=pgbaton-test";
        using var client = new HttpClient(handler);
        using var answer = await client.GetAsync(url);

        Assert.Equal(("https", HttpStatusCode.SeeOther), (url.Scheme, answer.StatusCode));
        Assert.Contains("secure", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    static void WriteCertificate(string certificate, string key)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var signed = new CertificateRequest("CN=pgbaton-test", pair, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(certificate, signed.ExportCertificatePem());
        File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
    }

    [GeneratedRegex(@"https?://\S+token=\S+")]
    private static partial Regex Url();
}
