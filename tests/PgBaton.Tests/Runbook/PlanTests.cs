using System.Diagnostics;
using PgBaton.Tests.Cli;
using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Runbook;

/// <summary>The runbook, and the way by hand that it spells out, done.</summary>
public sealed class PlanTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    const string Schema =
        """"
        CREATE SCHEMA "It's";
        CREATE TABLE "It's"."a ""table""" (id serial PRIMARY KEY, v text);
        INSERT INTO "It's"."a ""table""" (v) SELECT md5(g::text) FROM generate_series(1, 500) g;
        CREATE TABLE keyless (v text);
        INSERT INTO keyless VALUES ('one'), ('one');
        CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
        CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (1) TO (100);
        INSERT INTO parts VALUES (1, 'in a part');
        CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM keyless;
        CREATE TABLE audited (id int PRIMARY KEY);
        CREATE TABLE audit (id int PRIMARY KEY);
        CREATE FUNCTION "Note it"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (NEW.id); RETURN NEW; END';
        CREATE TRIGGER "Note it" AFTER INSERT ON audited FOR EACH ROW EXECUTE FUNCTION "Note it"();
        ALTER TABLE audited ENABLE ALWAYS TRIGGER "Note it";
        INSERT INTO audited VALUES (1), (2);
        """";

    [Fact]
    public async Task the_script_moves_a_database_as_it_is()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var (exitCode, plan) = await PlanAsync(source, target, "--shell");
        Assert.Equal((0, ""), (exitCode, plan.Error));

        var (ended, said) = await BashAsync(plan.Output, source, target);

        Assert.True(ended == 0, said);
        Assert.Equal(await RowsAsync(source), await RowsAsync(target));
        Assert.Equal(501, await target.QueryAsync<long>("SELECT nextval('\"It''s\".\"a \"\"table\"\"_id_seq\"')"));
        Assert.Equal(2L, await target.QueryAsync<long>("SELECT count FROM counted"));
        Assert.Equal(0L, await source.QueryAsync<long>("SELECT (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_replication_slots WHERE database = current_database())"));
        Assert.Equal((2L, "A"), (await target.QueryAsync<long>("SELECT count(*) FROM audit"), await target.QueryAsync<string>("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'Note it'")));
        Assert.Equal("d", await source.QueryAsync<string>("SELECT relreplident::text FROM pg_class WHERE relname = 'keyless'"));
        Assert.Equal("on", await source.QueryAsync<string>("SHOW default_transaction_read_only"));
    }

    [Fact]
    public async Task a_copy_that_the_target_refuses_ends_the_script()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        var script = (await PlanAsync(source, target, "--shell")).Run.Output;
        var subscribe = script.IndexOf("CREATE SUBSCRIPTION", StringComparison.Ordinal);
        script = script.Insert(script.LastIndexOf("on_target <<", subscribe, StringComparison.Ordinal), "on_target -c 'INSERT INTO t VALUES (1)'\n"); // In the way of the row that is copied.

        var (ended, said) = await BashAsync(script, source, target);

        Assert.Equal(1, ended);
        Assert.Contains("The subscription is disabled", said, StringComparison.Ordinal);
        await target.ExecuteAsync($"DROP SUBSCRIPTION {await target.QueryAsync<string>("SELECT subname::text FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())")}");
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task the_commands_with_pgbaton_move_a_database_as_they_are()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Schema} CREATE TABLE \"o'clock\" (id int PRIMARY KEY)");
        var options = new MigrationOptions
        {
            Source = source.Uri, Target = target.Uri, ReplicaIdentityFull = true, ExcludedTables = ["\"o'clock\""], PgBin = Checked.Options("").PgBin,
        };
        var plan = await Migration.PlanAsync(options, CancellationToken.None);

        var (ended, said) = await BashAsync($"set -euo pipefail\n{string.Join('\n', plan.Own.Select(step => step.Command))}", source, target);

        Assert.True(ended == 0, said);
        Assert.Equal(await RowsAsync(source), await RowsAsync(target));
        Assert.Equal(["check", "slot", "pre-data", "copy", "post-data", "follow", "fence", "sequences", "reverse", "open", "return", "clean"],
            Migration.Steps.Select(step => step.Name).Where(name => plan.Own.Any(step => step.Why.Contains($"{name}: ", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task what_it_says_is_made_is_made()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE MATERIALIZED VIEW m AS SELECT 1 AS one");
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri, PgBin = Checked.Options("").PgBin };
        var plan = await Migration.PlanAsync(options, CancellationToken.None);
        await using var migration = Migration.Open(options);
        await migration.RunAsync(Goal.Copied);

        var made = await source.QueryAsync<string>("SELECT pubname::text FROM pg_publication");
        Assert.Equal(made, await source.QueryAsync<string>("SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database()"));
        Assert.Contains(plan.Own, step => step.Why.Contains($"publication and slot {made},", StringComparison.Ordinal) && step.Why.Contains("on each of 1 tables", StringComparison.Ordinal));
        Assert.Contains(plan.Decisions, finding => finding is { Code: "PB1053", Severity: Severity.Notice, Detail: not null }); // What is done about the view.
        await migration.SayAsync("abort", new WordArguments());
    }

    [Fact]
    public async Task what_blocks_stops_the_script_before_it_does_anything()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        await target.ExecuteAsync("CREATE TABLE in_the_way (id int)");
        var (_, plan) = await PlanAsync(source, target, "--shell");

        var (ended, said) = await BashAsync(plan.Output, source, target);

        Assert.Equal(3, ended);
        Assert.Contains("PB1081", said, StringComparison.Ordinal);
        Assert.Equal(0L, await source.QueryAsync<long>("SELECT count(*) FROM pg_publication"));
    }

    [Fact]
    public async Task every_form_tells_the_same_and_no_password()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var password = new Uri(source.Uri).UserInfo.Split(':')[1];

        foreach (var form in (string[][])[[], ["--markdown"], ["--shell"], ["--json"]])
        {
            var (exitCode, run) = await PlanAsync(source, target, form);
            Assert.Equal((0, ""), (exitCode, run.Error));
            Assert.Contains("CREATE SUBSCRIPTION plan_", run.Output, StringComparison.Ordinal);
            Assert.Contains("REPLICA IDENTITY FULL", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(password, run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("***", run.Output, StringComparison.Ordinal);
        }

        var plan = (await PlanAsync(source, target, "--json")).Run.Result.GetProperty("plan");
        var (sizes, tables) = (plan.GetProperty("sizes"), plan.GetProperty("tables").EnumerateArray().ToList());
        Assert.Equal((5, sizes.GetProperty("largest_table").GetString()), (tables.Count, tables[0].GetProperty("table").GetString()));
        Assert.Equal(sizes.GetProperty("table_bytes").GetInt64(), tables.Sum(table => table.GetProperty("bytes").GetInt64()));
        Assert.Contains(tables, table => !table.GetProperty("has_identity").GetBoolean());
        Assert.Equal((5, 1), (sizes.GetProperty("tables").GetInt32(), sizes.GetProperty("sequences").GetInt32()));
        Assert.True(sizes.GetProperty("copy_bytes_per_second").GetDouble() > 0);
    }

    [Fact]
    public async Task without_a_target_its_place_stays_open_and_nothing_is_changed()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var before = await SchemaOracle.ReadAsync(source);
        var (exitCode, run) = await CommandProcess.RunWithAsync(new() { ["PGBATON_SOURCE"] = source.Uri }, "plan");
        Assert.Equal((0, ""), (exitCode, run.Error));
        Assert.Contains("host=NEW_HOST", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, await SchemaOracle.ReadAsync(source));
    }

    [Fact]
    public async Task the_grants_are_what_a_role_needs_to_pass_the_check()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        var (owner, other, role) = ($"owner_{Guid.NewGuid():n}"[..16], $"other_{Guid.NewGuid():n}"[..16], $"role_{Guid.NewGuid():n}"[..16]);
        await source.ExecuteAsync(
            $"""
            CREATE ROLE {owner}; CREATE ROLE {other}; CREATE ROLE {role} LOGIN PASSWORD 'x';
            CREATE SCHEMA theirs AUTHORIZATION {other}; CREATE SEQUENCE theirs.numbers; ALTER SEQUENCE theirs.numbers OWNER TO {other};
            CREATE TABLE at_home (id int PRIMARY KEY); INSERT INTO at_home VALUES (1); ALTER TABLE at_home OWNER TO {owner};
            CREATE TABLE theirs.t (id int PRIMARY KEY); ALTER TABLE theirs.t OWNER TO {owner}; ALTER TABLE theirs.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
            """);
        await target.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'x'");
        try
        {
            var options = new MigrationOptions { Source = As(source), Target = As(target) };
            Assert.Equal(ExitCode.Blocked, (await Migration.CheckAsync(options, CancellationToken.None)).ExitCode);
            var plan = await Migration.PlanAsync(options, CancellationToken.None);

            await source.ExecuteAsync(plan.Grants.Single(step => step.Where == "source").Command);
            await target.ExecuteAsync(plan.Grants.Single(step => step.Where == "target").Command);

            var report = await Migration.CheckAsync(options, CancellationToken.None);
            Assert.Equal("", string.Join("; ", report.Findings.Where(finding => finding.Severity == Severity.Blocker).Select(finding => $"{finding.Code} {finding.Message}")));
        }
        finally
        {
            await source.ExecuteAsync($"DROP OWNED BY {owner}, {other}, {role}; DROP ROLE {role}; DROP ROLE {owner}; DROP ROLE {other}");
            await target.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }

        string As(TestDatabase database) => new UriBuilder(database.Uri) { UserName = role, Password = "x" }.Uri.ToString();
    }

    [Fact]
    public async Task the_grants_are_what_the_script_needs()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var owner = await TestRole.CreateAsync(source, "");
        await source.ExecuteAsync(
            $"""
            CREATE TABLE at_home (id serial PRIMARY KEY, v text); INSERT INTO at_home (v) SELECT 'v' FROM generate_series(1, 100);
            ALTER TABLE at_home OWNER TO {owner.Name}; ALTER TABLE at_home ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE EXTENSION pageinspect; COMMENT ON SCHEMA public IS 'ours;
            and nobody''s'; ALTER DATABASE {source.Name} OWNER TO {owner.Name}
            """);
        await using var application = await TestRole.CreateAsync(source, "");
        await using var session = await TestServer.OpenAsync(application.Uri);
        await using var from = await TestRole.CreateAsync(source, "");
        await using var to = await TestRole.CreateAsync(target, "");
        var plan = await Migration.PlanAsync(new MigrationOptions { Source = from.Uri, Target = to.Uri }, CancellationToken.None);
        await source.ExecuteAsync(plan.Grants.Single(step => step.Where == "source").Command);
        await target.ExecuteAsync(plan.Grants.Single(step => step.Where == "target").Command);

        var (_, script) = await CommandProcess.RunWithAsync(new() { ["PGBATON_SOURCE"] = from.Uri, ["PGBATON_TARGET"] = to.Uri }, "plan", "--shell");
        var (ended, said) = await BashAsync(script.Output, from.Uri, to.Uri);

        Assert.True(ended == 0, said);
        Assert.Contains((await Record.ExceptionAsync(() => new Npgsql.NpgsqlCommand("SELECT 1", session).ExecuteNonQueryAsync()))!.Message, (string[])["57P01: terminating connection due to administrator command", "Exception while reading from stream"]);
        Assert.True(await target.QueryAsync<bool>("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'at_home'"));
        Assert.Equal((100L, 101L), (await target.QueryAsync<long>("SELECT count(*) FROM at_home"), await target.QueryAsync<long>("SELECT nextval('at_home_id_seq')")));
        await source.ExecuteAsync($"SET transaction_read_only = off; REVOKE {owner.Name} FROM {from.Name}; ALTER DATABASE {source.Name} OWNER TO postgres");
    }

    [Fact]
    public async Task what_a_subscription_cannot_carry_stops_the_script()
    {
        await using var source = await TestServer.Of(17).CreateDatabaseAsync();
        await using var target = await TestServer.Of(17).CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED PRIMARY KEY); ALTER TABLE t REPLICA IDENTITY FULL");
        var (ended, said) = await BashAsync((await PlanAsync(source, target, "--shell")).Run.Output, source, target);
        Assert.Equal((3, true), (ended, said.Contains("A generated column is part of the primary key: \"public\".\"t\"", StringComparison.Ordinal)));
        var report = await Migration.CheckAsync(Checked.Options(source.Uri, target.Uri) with { Via = Via.Subscription }, CancellationToken.None);
        Assert.Contains(report.Findings, finding => finding is { Code: "PB1033", Severity: Severity.Blocker } && finding.Message.Contains("generated column", StringComparison.Ordinal));
    }

    [Fact]
    public void the_addresses_to_let_in_are_dated_with_the_command_of_the_sources_provider_and_a_warning()
    {
        var (neon, rds) = (new PgBaton.Providers.Neon(), new PgBaton.Providers.AmazonRds());
        var known = neon.AddressesIn("aws-eu-central-1")!;
        var text = string.Join('\n', PgBaton.Cli.Views.PlanText.AddressesOf(
            new PlanAddresses("Neon", "aws-eu-central-1", known.List, known.AsOf, neon.WhereItsAddressesAre, rds.LetIn(known.List, 5433))));
        Assert.Contains("connect from 18.158.63.175, 3.125.234.79, 3.125.57.42 (list of 2024-09-03; it changes)", text, StringComparison.Ordinal);
        Assert.Contains("never 0.0.0.0/0", text, StringComparison.Ordinal);
        Assert.Contains("aws ec2 authorize-security-group-ingress --group-id SECURITY_GROUP --protocol tcp --port 5433 --cidr 18.158.63.175/32\n", text, StringComparison.Ordinal);
        Assert.All(PgBaton.Providers.Home.All, provider => Assert.Contains("192.0.2.7", provider.LetIn(["192.0.2.7"], 5432), StringComparison.Ordinal));
        Assert.All(PgBaton.Providers.Home.All, provider => Assert.NotEmpty(provider.WhereItsAddressesAre));
    }

    [Fact]
    public void a_script_for_the_shell_takes_nothing_of_a_server_for_a_command()
    {
        var finding = new Finding("PB1002", Severity.Blocker, "it's $(touch x)\n`touch y`", null, "do\nthis", null, "server");
        var plan = new MigrationPlan("h:1/d\nrm x", "h:2/d", new PlanSizes(0, 0, 0, 0, null, 0, null, null, null, null), [], [finding], [], [], [], null);
        var script = string.Join('\n', PgBaton.Cli.Views.PlanShell.Of(plan));
        Assert.Contains("echo 'PB1002: it'\\''s $(touch x) `touch y`' >&2\n# do\n# this\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("\nrm x", script, StringComparison.Ordinal);
        var role = new PgBaton.Runbook.PlanServer("", "a$(touch z)", NeedsPassword: true, "d", "");
        Assert.DoesNotContain("touch", PgBaton.Runbook.ShellText.Password("SOURCE", role), StringComparison.Ordinal);
    }

    static Task<(int ExitCode, CommandProcess Run)> PlanAsync(TestDatabase source, TestDatabase target, params string[] more)
        => CommandProcess.RunWithAsync(new() { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri }, ["plan", .. more]);

    static Task<(int ExitCode, string Said)> BashAsync(string script, TestDatabase source, TestDatabase target) => BashAsync(script, source.Uri, target.Uri);

    static async Task<(int ExitCode, string Said)> BashAsync(string script, string source, string target)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script);
        var start = new ProcessStartInfo("bash", [file])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["YES"] = "1",
                ["PATH"] = $"{Path.GetDirectoryName(CommandProcess.Executable)}:{Environment.GetEnvironmentVariable("PATH")}",
                ["SOURCE_PASSWORD"] = new Uri(source).UserInfo.Split(':')[1],
                ["TARGET_PASSWORD"] = new Uri(target).UserInfo.Split(':')[1],
            },
        };
        using var bash = Process.Start(start)!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync(new CancellationTokenSource(_patience).Token);
        File.Delete(file);
        return (bash.ExitCode, await output + await error);
    }

    static Task<string> RowsAsync(TestDatabase database)
        => database.QueryAsync<string>(
            """"
            SELECT string_agg(r::text, ';' ORDER BY r::text)
              FROM (SELECT t::text FROM "It's"."a ""table""" t UNION ALL SELECT k::text FROM keyless k UNION ALL SELECT p::text FROM parts p) r
            """");
}
