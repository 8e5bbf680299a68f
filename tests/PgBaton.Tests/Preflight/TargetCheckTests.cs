namespace PgBaton.Tests.Preflight;

public sealed class TargetCheckTests
{
    [Fact]
    public async Task PB1080_a_target_whose_sessions_are_read_only_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await target.ExecuteAsync($"ALTER DATABASE {target.Name} SET default_transaction_read_only = on");
        (await Checked.AskAsync(source, target)).MustHave("PB1080", Severity.Blocker);
    }

    [Fact]
    public async Task PB1080_a_target_in_which_the_role_may_not_create_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(target, "");
        Assert.Contains("GRANT CREATE ON DATABASE", (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1080", Severity.Blocker).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1080_a_schema_that_is_there_and_closed_is_named_and_the_fix_opens_it()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE SCHEMA elsewhere CREATE TABLE t (id int PRIMARY KEY)");
        await using var role = await TestRole.CreateAsync(target, "", $"GRANT CREATE ON DATABASE {target.Name} TO $role");
        var finding = (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1080", Severity.Blocker);
        Assert.Equal("\"public\"", finding.About);
        await target.ExecuteAsync(finding.Fix!);
        Assert.DoesNotContain((await Checked.AskAsync(source.Uri, role.Uri)).Findings, left => left is { Code: "PB1080", Severity: > Severity.Ok });
    }

    [Theory]
    [InlineData("ALTER DATABASE $db SET default_transaction_read_only = on")]
    [InlineData("ALTER ROLE $role SET default_transaction_read_only = true")]
    [InlineData("ALTER ROLE $role IN DATABASE $db SET default_transaction_read_only = on")]
    public async Task PB1080_the_fix_of_read_only_sessions_is_where_it_was_said(string said)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(target, "", $"GRANT CREATE ON DATABASE {target.Name} TO $role; {said.Replace("$db", target.Name, StringComparison.Ordinal)}");
        var finding = (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1080", Severity.Blocker);
        Assert.Contains("RESET", finding.Fix, StringComparison.Ordinal);
        await target.ExecuteAsync($"SET transaction_read_only = off; {finding.Fix}");
        Assert.DoesNotContain((await Checked.AskAsync(source.Uri, role.Uri)).Findings, left => left is { Code: "PB1080", Severity: > Severity.Ok });
    }

    [Theory]
    [InlineData("CREATE TABLE t (id int)", "table \"public\".\"t\"")]
    [InlineData("CREATE TYPE e AS ENUM ('a')", "type \"public\".\"e\"")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function \"public\".\"f\"")]
    [InlineData("CREATE SEQUENCE s", "sequence \"public\".\"s\"")]
    public async Task PB1081_a_target_that_is_not_empty_is_refused(string sql, string about)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await target.ExecuteAsync(sql);
        Assert.Equal(about, (await Checked.AskAsync(source, target)).MustHave("PB1081", Severity.Blocker).About);
    }

    [Fact]
    public async Task PB1081_what_an_extension_made_does_not_count()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await target.ExecuteAsync("CREATE EXTENSION hstore");
        Assert.DoesNotContain((await Checked.AskAsync(source, target)).Findings, finding => finding is { Code: "PB1081", Severity: > Severity.Ok });
    }

    [Theory]
    [InlineData("", "missing")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY)", "column")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1)", "rows")]
    public async Task PB1082_existing_tables_must_be_there_and_empty(string sql, string said)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, v text)");
        await target.ExecuteAsync($"SELECT 1; {sql}");
        var report = await Migration.CheckAsync(Checked.Options(source.Uri, target.Uri) with { ExistingSchema = true }, CancellationToken.None);
        Assert.Contains(said, report.MustHave("PB1082", Severity.Blocker).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Findings, finding => finding is { Code: "PB1081", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1083_a_schema_pgbaton_of_somebody_else_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await target.ExecuteAsync("CREATE SCHEMA pgbaton");
        (await Checked.AskAsync(source, target)).MustHave("PB1083", Severity.Blocker);
    }

    [Fact]
    public async Task PB1084_the_disk_the_target_needs_is_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        var finding = Assert.Single((await Checked.AskAsync(source)).Findings, finding => finding.Code == "PB1084");
        Assert.Matches(@"about [\d.]+ MB of free disk", finding.Message);

        await source.ExecuteAsync("CREATE TABLE small (id int PRIMARY KEY); CREATE TABLE large (id int PRIMARY KEY); INSERT INTO large SELECT generate_series(1, 20000)");
        var scoped = await Migration.CheckAsync(Checked.Options(source.Uri) with { ExcludedTables = ["large"] }, CancellationToken.None);
        Assert.EndsWith("one and a half times what is moved of the source: 8 kB", Assert.Single(scoped.Findings, one => one.Code == "PB1084").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1085_no_pg_dump_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        var report = await Migration.CheckAsync(Checked.Options(source.Uri) with { PgBin = Path.GetTempPath() }, CancellationToken.None);
        report.MustHave("PB1085", Severity.Blocker);
    }

    [Fact]
    public async Task PB1085_a_pg_dump_older_than_the_source_is_refused()
    {
        await using var source = await TestServer.Of(18).CreateDatabaseAsync();
        await WithDumpOfAsync("15.2", async folder =>
        {
            var report = await Migration.CheckAsync(Checked.Options(source.Uri) with { PgBin = folder }, CancellationToken.None);
            Assert.StartsWith(folder, report.MustHave("PB1085", Severity.Blocker).About, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task PB1085_a_pg_dump_older_than_the_target_cannot_compare_and_that_is_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Of(18).CreateDatabaseAsync();
        await WithDumpOfAsync("17.1", async folder =>
        {
            var report = await Migration.CheckAsync(Checked.Options(source.Uri, target.Uri) with { PgBin = folder }, CancellationToken.None);
            Assert.Contains("cannot read the target", report.MustHave("PB1085", Severity.Warning).Message, StringComparison.Ordinal);
        });
    }

    static async Task WithDumpOfAsync(string version, Func<string, Task> work)
    {
        var folder = Directory.CreateTempSubdirectory("pgbaton-test-");
        try
        {
            var program = Path.Combine(folder.FullName, "pg_dump");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            await work(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task PB1065_a_library_that_the_target_cannot_load_is_named_with_its_functions()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        var directory = await source.QueryAsync<string>("SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR'");
        await source.ExecuteAsync($"CREATE FUNCTION counted() RETURNS trigger LANGUAGE c AS '{directory}/autoinc', 'autoinc'");
        var finding = (await Checked.AskAsync(source, target)).MustHave("PB1065", Severity.Blocker);
        Assert.Equal($"{directory}/autoinc", finding.About);
        Assert.Contains("counted()", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1086_settings_of_the_database_are_tried()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"ALTER DATABASE {source.Name} SET work_mem = '5MB'; ALTER DATABASE {source.Name} SET search_path = app, public; ALTER DATABASE {source.Name} SET shop.mode = 'x y'");
        Assert.DoesNotContain((await Checked.AskAsync(source, target)).Findings, finding => finding is { Code: "PB1086", Severity: > Severity.Ok });
        await source.ExecuteAsync($"ALTER DATABASE {source.Name} SET session_replication_role = replica");
        await using var owner = await TestRole.CreateAsync(target, "", $"ALTER DATABASE {target.Name} OWNER TO $role");
        var finding = (await Checked.AskAsync(source.Uri, owner.Uri)).MustHave("PB1086", Severity.Warning);
        Assert.Contains("session_replication_role: permission denied", finding.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("work_mem", finding.Detail, StringComparison.Ordinal);
        await using var stranger = await TestRole.CreateAsync(target, "", $"GRANT CREATE ON DATABASE {target.Name} TO $role");
        Assert.Contains("work_mem", (await Checked.AskAsync(source.Uri, stranger.Uri)).MustHave("PB1086", Severity.Warning).Detail, StringComparison.Ordinal);
        Assert.False(await target.QueryAsync<bool>("SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database())"));
    }
}
