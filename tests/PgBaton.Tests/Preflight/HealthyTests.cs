using System.Diagnostics;

namespace PgBaton.Tests.Preflight;

public sealed class HealthyTests
{
    const string Schema =
        """
        CREATE SCHEMA app;
        CREATE TYPE app.state AS ENUM ('new', 'done');
        CREATE TABLE app.customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE TABLE app.orders (
            id bigserial, customer bigint NOT NULL REFERENCES app.customer, state app.state, total numeric GENERATED ALWAYS AS (1) STORED, PRIMARY KEY (id));
        CREATE TABLE app.log (at timestamptz NOT NULL, line text, PRIMARY KEY (at, line)) PARTITION BY RANGE (at);
        CREATE TABLE app.log_2026 PARTITION OF app.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        CREATE TABLE app.other (k int NOT NULL); CREATE UNIQUE INDEX other_k ON app.other (k); ALTER TABLE app.other REPLICA IDENTITY USING INDEX other_k;
        CREATE TABLE app.full_one (t text); ALTER TABLE app.full_one REPLICA IDENTITY FULL;
        CREATE TABLE public."Mixed Case, with ""quotes"" and 'others'" (id int PRIMARY KEY);
        CREATE VIEW app.v AS SELECT * FROM app.orders;
        CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        """;

    /// <summary>The servers' release, and transactions that other tests hold open on them: a slot waits for those of every database.</summary>
    static readonly string[] _notTheirFault = ["PB1013", "PB1023", "PB1025"];

    [Fact]
    public async Task nothing_is_found_on_a_healthy_pair()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var report = await Checked.AskAsync(source, target);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity > Severity.Ok && !IsNotTheirFault(finding));
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.Equal(PgBaton.Preflight.Checks.All.Select(check => check.Code).Order(), report.Findings.Select(finding => finding.Code).Distinct().Order());
    }

    [Fact]
    public async Task the_source_alone_can_be_asked()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var report = await Checked.AskAsync(source);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity > Severity.Ok && !IsNotTheirFault(finding));
        Assert.DoesNotContain(report.Findings, finding => finding.Code is "PB1080" or "PB1011");
    }

    [Fact]
    public async Task nothing_stays_of_a_check()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        await Checked.AskAsync(source, target);
        foreach (var database in new[] { source, target })
        {
            Assert.Equal(0, await database.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
            Assert.Equal(0, await database.QueryAsync<long>("SELECT count(*) FROM pg_publication"));
            Assert.Equal(0, await database.QueryAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'pgbaton%'"));
            await database.WaitForAsync("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'pgbaton%')");
        }
    }

    [Fact]
    public async Task an_ordinary_role_that_owns_its_tables_is_enough()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var from = await TestRole.CreateAsync(source, grants: $"GRANT CREATE ON DATABASE {source.Name} TO $role; ALTER TABLE t OWNER TO $role");
        await using var to = await TestRole.CreateAsync(target, "", $"GRANT CREATE ON DATABASE {target.Name} TO $role; GRANT CREATE ON SCHEMA public TO $role");
        var report = await Checked.AskAsync(from.Uri, to.Uri);
        // PB1043: it cannot set session_replication_role, which is only worth a notice.
        Assert.DoesNotContain(report.Findings, finding => finding.Severity > Severity.Notice && !IsNotTheirFault(finding));
    }

    [Fact]
    public async Task an_ordinary_database_takes_less_than_three_seconds()
    {
        await using var server = await OwnServer.StartAsync(17);
        await server.ExecuteAsync("CREATE DATABASE source");
        await server.ExecuteAsync("CREATE DATABASE target");
        await server.ExecuteAsync(Schema, "source");
        await Checked.AskAsync(server.UriOf("source"), server.UriOf("target"));
        var watch = Stopwatch.StartNew();
        var report = await Checked.AskAsync(server.UriOf("source"), server.UriOf("target"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.DoesNotContain(report.Findings, finding => finding.Severity > Severity.Ok && finding.Code != "PB1013"); // Nobody else is on it.
    }

    static bool IsNotTheirFault(Finding finding) => finding.Severity < Severity.Blocker && _notTheirFault.Contains(finding.Code);
}
