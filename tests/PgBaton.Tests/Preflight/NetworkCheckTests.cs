namespace PgBaton.Tests.Preflight;

public sealed class NetworkCheckTests
{
    // A way to write 127.0.0.1 that does not say that it is this machine.
    const string Elsewhere = "2130706433";

    [Theory]
    [InlineData("disable", Severity.Warning)]
    [InlineData("require", Severity.Notice)]
    public async Task PB1005_a_connection_over_the_network_that_others_could_read_or_answer_is_told(string sslmode, Severity severity)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        var uri = $"{source.Uri.Replace("127.0.0.1", Elsewhere, StringComparison.Ordinal)}?sslmode={sslmode}";
        Assert.Contains(sslmode == "disable" ? "not encrypted" : "nothing proves", (await Checked.AskAsync(uri)).MustHave("PB1005", severity).Message, StringComparison.Ordinal);
        Assert.DoesNotContain((await Checked.AskAsync($"{source.Uri}?sslmode={sslmode}")).Findings, finding => finding is { Code: "PB1005", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1006_a_server_with_an_IPv6_address_only_is_told()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var server = await OwnServer.StartAsync(17, "listen_addresses = '127.0.0.1,::1'");
        var uri = server.UriOf("postgres").Replace("127.0.0.1", "[::1]", StringComparison.Ordinal);
        (await Checked.AskAsync(uri)).MustHave("PB1006", Severity.Notice);
        Assert.DoesNotContain((await Checked.AskAsync(server.UriOf("postgres"))).Findings, finding => finding is { Code: "PB1006", Severity: > Severity.Ok });
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        var options = Checked.Options(uri, target.Uri) with { Via = Via.Subscription };
        (await Migration.CheckAsync(options, default)).MustHave("PB1006", Severity.Warning);
    }

    [Theory]
    [InlineData("a.eu-central-1.aws.neon.tech", "b.c-2.eu-central-1.aws.neon.tech", Severity.Ok, "both servers are in aws-eu-central-1")]
    [InlineData("a.eu-central-1.aws.neon.tech", "b.us-east-2.aws.neon.tech", Severity.Notice, "the source is in aws-eu-central-1, the target in aws-us-east-2")]
    [InlineData("a.eu-central-1.aws.neon.tech", "dpg-b-a.frankfurt-postgres.render.com", Severity.Notice, "both in Frankfurt, in different clouds")]
    [InlineData("a.eu-central-1.aws.neon.tech", "db.example.com", Severity.Ok, "nothing tells where the target is")]
    [InlineData("db.example.com", "b.us-east-2.aws.neon.tech", Severity.Ok, "nothing tells where the source is")]
    [InlineData("db.example.com", "db.example.org", Severity.Ok, "nothing tells in which regions the servers are")]
    public async Task PB1004_the_regions_of_both_sides_are_compared(string from, string to, Severity severity, string said)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        var options = Checked.Options(Named(source, from), Named(target, to)) with { OnlyChecks = ["PB1004"] };
        var finding = Assert.Single((await Migration.CheckAsync(options, default)).Findings, finding => finding.Code == "PB1004");
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(said, finding.Message, StringComparison.Ordinal);

        static string Named(TestDatabase database, string host)
        {
            var uri = new Uri(database.Uri);
            return $"host={host} hostaddr={uri.Host} port={uri.Port} dbname={database.Name} user={uri.UserInfo.Split(':')[0]} password={uri.UserInfo.Split(':')[1]}";
        }
    }

    [Fact]
    public async Task PB1007_a_password_that_is_not_bound_to_the_channel_is_told()
    {
        await using var bound = await TestServer.Source.CreateDatabaseAsync();
        var uri = $"{bound.Uri.Replace("127.0.0.1", Elsewhere, StringComparison.Ordinal)}?sslmode=require";
        Assert.DoesNotContain((await Checked.AskAsync(uri)).Findings, finding => finding is { Code: "PB1007", Severity: > Severity.Ok });

        await using var server = await OwnServer.StartAsync(17); // It takes whoever comes.
        await server.ConfigureAsync(
            $"ssl = on\nssl_cert_file = '{await bound.QueryAsync<string>("SHOW ssl_cert_file")}'\nssl_key_file = '{await bound.QueryAsync<string>("SHOW ssl_key_file")}'");
        await server.ReloadAsync();
        await using var plain = await server.CreateDatabaseAsync();
        await plain.WaitForAsync("SELECT setting = 'on' FROM pg_settings WHERE name = 'ssl'");
        var unbound = server.UriOf(plain.Name, "postgres:anything").Replace("127.0.0.1", Elsewhere, StringComparison.Ordinal);
        Assert.Contains("channel_binding=require", (await Checked.AskAsync($"{unbound}?sslmode=require")).MustHave("PB1007", Severity.Notice).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1036_connections_that_are_spread_over_servers_share_no_snapshot()
    {
        await using var one = await TestServer.Source.CreateDatabaseAsync();
        await using var server = await OwnServer.StartAsync(TestServer.Source.Major);
        await server.ExecuteAsync($"CREATE DATABASE {one.Name}");
        await using var balancer = new Balancer(one.Uri, server.UriOf(one.Name));
        (await Checked.AskAsync(balancer.Uri)).MustHave("PB1036", Severity.Blocker);
        await using var same = new Balancer(one.Uri, one.Uri);
        Assert.DoesNotContain((await Checked.AskAsync(same.Uri)).Findings, finding => finding is { Code: "PB1036", Severity: > Severity.Ok });
    }
}
