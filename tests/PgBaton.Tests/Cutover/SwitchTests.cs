using System.Net;
using System.Net.Sockets;
using PgBaton.Cutover;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

/// <summary>What an operator may have tried before the fence, and waited for after the opening.</summary>
public sealed class SwitchTests
{
    [Fact]
    public async Task what_the_applications_role_may_no_longer_is_a_blocker_and_no_row_is_touched()
    {
        await using var pair = await GatePair.CreateAsync(
            """
            CREATE SCHEMA app; CREATE TABLE app.all_of_it (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL, g int GENERATED ALWAYS AS (1) STORED);
            CREATE TABLE app.append (id int NOT NULL); CREATE TABLE app.one_column (id int PRIMARY KEY, a int); CREATE TABLE app.none (id int);
            CREATE TABLE app.secured (id int PRIMARY KEY); ALTER TABLE app.secured ENABLE ROW LEVEL SECURITY; INSERT INTO app.append VALUES (1);
            """, shape: options => options with { ReplicaIdentityFull = true });
        await pair.FollowAsync();
        var role = $"r{pair.Source.Name}";
        const string grants = "GRANT USAGE ON SCHEMA app TO {0}; GRANT ALL ON app.all_of_it, app.secured TO {0}; GRANT INSERT ON app.append TO {0}; GRANT UPDATE (a) ON app.one_column TO {0}";
        foreach (var database in new[] { pair.Source, pair.Target })
            await database.ExecuteAsync($"CREATE ROLE {role}; {string.Format(null, grants, role)}");
        try
        {
            Assert.Empty(await ProbeAsync(pair, role));

            await pair.Target.ExecuteAsync($"REVOKE DELETE ON app.all_of_it FROM {role}; REVOKE ALL ON app.append FROM {role}; REVOKE UPDATE (a) ON app.one_column FROM {role}");
            Assert.Equal(["\"app\".\"all_of_it\" DELETE", "\"app\".\"append\" INSERT", "\"app\".\"one_column\" UPDATE"], await ProbeAsync(pair, role));
            await pair.Target.ExecuteAsync($"REVOKE USAGE ON SCHEMA app FROM {role}");
            Assert.Equal(8, (await ProbeAsync(pair, role)).Count());
            Assert.Equal([" "], await ProbeAsync(pair, "nobody_of_that_name"));
            Assert.Equal(1L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM app.append"));
        }
        finally
        {
            foreach (var database in new[] { pair.Source, pair.Target })
                await database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task the_cutover_is_answered_when_the_name_leads_to_the_target()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await pair.FollowAsync();
        using var name = new TcpListener(IPAddress.Loopback, 0); // Nobody answers there as a server would, until the switch.
        name.Start();
        var server = new Uri(pair.Target.Uri);
        var host = $"127.0.0.1:{((IPEndPoint)name.LocalEndpoint).Port}";
        name.Stop();
        var word = await pair.SayAsync("cutover", new WordArguments { WaitFor = host });
        var cutting = pair.CutOverAsync();
        await pair.Target.WaitForAsync("SELECT EXISTS (SELECT FROM pgbaton.event WHERE event ->> 'message' LIKE 'waiting until%')");
        Assert.Null(await GatePair.FailureAsync(pair.Target, "INSERT INTO t VALUES (1)")); // It is open all the same.
        Assert.Null(await pair.Migration.Journal.TakeTurnAsync(c => word.OutcomeAsync(c, default), default));

        using var leads = await Forwarder.StartAsync(host, server);
        await cutting.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(0, (await pair.Migration.Journal.TakeTurnAsync(c => word.OutcomeAsync(c, default), default))!.ExitCode);
        Assert.Contains(pair.Events.OfType<Notice>(), notice => notice.Message == $"{host} leads to the target");
    }

    static async Task<IEnumerable<string>> ProbeAsync(GatePair pair, string role)
    {
        await using var sides = await TwoSides.OpenAsync(pair.Migration.Direction.Publisher, pair.Migration.Direction.Subscriber, "test", default);
        var findings = await ProbeRole.ListAsync(sides, pair.Migration.Options, role, default);
        return findings.Select(finding => $"{finding.About} {(finding.About is null ? "" : finding.Fix!.Split(' ')[1])}");
    }

    sealed class Forwarder : IDisposable
    {
        readonly TcpListener _listener;
        readonly Uri _server;

        Forwarder(TcpListener listener, Uri server) => (_listener, _server) = (listener, server);

        public static Task<Forwarder> StartAsync(string host, Uri server)
        {
            var listener = new TcpListener(IPEndPoint.Parse(host));
            listener.Start();
            var forwarder = new Forwarder(listener, server);
            _ = forwarder.AcceptAsync();
            return Task.FromResult(forwarder);
        }

        public void Dispose() => _listener.Dispose();

        async Task AcceptAsync()
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(_server.Host, _server.Port);
                _ = client.GetStream().CopyToAsync(server.GetStream());
                _ = server.GetStream().CopyToAsync(client.GetStream());
            }
        }
    }
}
