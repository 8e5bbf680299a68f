using PgBaton.Providers;

namespace PgBaton.Tests.Preflight;

public sealed class ExtensionCheckTests
{
    // No package of that name exists: a row and a member, which is what an extension without a control file on the target looks like.
    const string Unknown =
        """
        SET allow_system_table_mods = on;
        INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        VALUES (60000, 'nowhere_to_be_had', 10, 'public'::regnamespace, false, '1.0');
        CREATE TYPE theirs AS ENUM ('a'); ALTER EXTENSION nowhere_to_be_had ADD TYPE theirs;
        CREATE FUNCTION same(theirs, theirs) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1 = $2'; ALTER EXTENSION nowhere_to_be_had ADD FUNCTION same(theirs, theirs);
        """;

    [Theory]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, v theirs)", "table public.t")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, v theirs[])", "table public.t")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, v bool DEFAULT same('a', 'a'))", "table public.t")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, CHECK (same('a', 'a')))", "table public.t")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, v text); CREATE INDEX ON t (same('a', 'a'))", "table public.t")]
    [InlineData("CREATE VIEW v AS SELECT same('a', 'a')", "view public.v")]
    [InlineData("CREATE DOMAIN d AS theirs", "type public.d")]
    [InlineData("CREATE FUNCTION f(theirs) RETURNS int LANGUAGE sql AS 'SELECT 1'", "function public.f(public.theirs)")]
    public async Task PB1070_an_extension_the_target_does_not_have_is_refused_if_an_object_needs_it(string user, string named)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Unknown} {user}");
        var finding = (await Checked.AskAsync(source, target)).MustHave("PB1070", Severity.Blocker);
        Assert.Equal("\"nowhere_to_be_had\"", finding.About);
        Assert.Equal($"Needed by {named}.", finding.Detail);
    }

    [Fact]
    public async Task PB1070_an_extension_that_nothing_in_scope_needs_draws_a_warning_and_is_left_out()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Unknown} COMMENT ON EXTENSION nowhere_to_be_had IS 'theirs'; CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        Assert.Contains("left out", (await Checked.AskAsync(source, target)).MustHave("PB1070", Severity.Warning).Detail, StringComparison.Ordinal);

        await using var migration = Migration.Open(Checked.Options(source.Uri, target.Uri));
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1L, await target.QueryAsync<long>("SELECT count(*) FROM t"));
        Assert.Equal(0L, await target.QueryAsync<long>("SELECT count(*) FROM pg_extension WHERE extname = 'nowhere_to_be_had'"));
        await migration.SayAsync("abort", new WordArguments());
    }

    [Fact]
    public async Task PB1070_what_is_out_of_scope_needs_nothing()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Unknown} CREATE SCHEMA s; CREATE TABLE s.t (id int PRIMARY KEY, v theirs); CREATE TABLE u (id int PRIMARY KEY)");
        var options = Checked.Options(source.Uri, target.Uri);
        (await Migration.CheckAsync(options with { ExcludedTables = ["s.t"] }, default)).MustHave("PB1070", Severity.Warning);
        (await Migration.CheckAsync(options with { ExcludedSchemas = ["s"] }, default)).MustHave("PB1070", Severity.Warning);
        (await Migration.CheckAsync(options with { Tables = ["u"] }, default)).MustHave("PB1070", Severity.Warning);
        (await Migration.CheckAsync(options with { Tables = ["s.t"] }, default)).MustHave("PB1070", Severity.Blocker);
    }

    [Fact]
    public async Task PB1070_an_extension_the_targets_role_may_not_make_is_refused_and_a_trusted_one_is_not()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE EXTENSION hstore; CREATE TABLE t (id int PRIMARY KEY, h hstore); CREATE EXTENSION pageinspect");
        await using var role = await TestRole.CreateAsync(target, "", $"GRANT CREATE ON DATABASE {target.Name} TO $role");
        Assert.Equal("\"pageinspect\"", (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1070", Severity.Warning).About);
        await source.ExecuteAsync("CREATE VIEW v AS SELECT get_raw_page('t', 0)");
        Assert.Equal("\"pageinspect\"", (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1070", Severity.Blocker).About);
    }

    [Fact]
    public async Task PB1070_what_another_extension_needs_is_needed_by_whoever_needs_that()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE EXTENSION earthdistance CASCADE; CREATE TABLE t (id int PRIMARY KEY, place earth)");
        await using var connection = await source.OpenAsync();
        var uses = await PgBaton.Catalog.ExtensionUse.ListAsync(connection, default);
        Assert.Equal(["cube", "earthdistance"], uses.Where(use => use.Relation == "t").Select(use => use.Extension));
    }

    [Fact]
    public async Task PB1070_says_what_the_providers_list_has_but_the_target_decides()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Unknown} CREATE EXTENSION pageinspect");
        await target.ExecuteAsync($"ALTER DATABASE {target.Name} SET neon.project_id = 'x'");
        // Neon's list does not have pageinspect; this target has it, and that is what counts.
        var finding = (await Checked.AskAsync(source, target)).MustHave("PB1070", Severity.Warning);
        Assert.Equal("\"nowhere_to_be_had\"", finding.About);
        Assert.Contains("Neon's list of 2026-09-27 does not have nowhere_to_be_had.", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1071_before_there_is_a_target_the_providers_list_is_asked()
    {
        await using var source = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE EXTENSION hstore; CREATE EXTENSION dblink");
        var options = Checked.Options(source.Uri) with { TargetProvider = "planetscale" };
        Assert.Contains("does not have dblink", (await Migration.CheckAsync(options, default)).MustHave("PB1071", Severity.Notice).Message, StringComparison.Ordinal);
        await source.ExecuteAsync("CREATE VIEW v AS SELECT dblink_connect('x')");
        Assert.Equal("Needed by view public.v.", (await Migration.CheckAsync(options, default)).MustHave("PB1071", Severity.Warning).Detail);
        Assert.DoesNotContain(
            (await Migration.CheckAsync(options with { TargetProvider = "neon" }, default)).Findings, finding => finding is { Code: "PB1071", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1072_a_library_that_only_the_source_preloads_is_named()
    {
        await using var server = await OwnServer.StartAsync(17, "shared_preload_libraries = 'pg_stat_statements'");
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        Assert.DoesNotContain((await Checked.AskAsync(server.UriOf("postgres"), target.Uri)).Findings, finding => finding is { Code: "PB1072", Severity: > Severity.Ok });
        await server.ExecuteAsync("CREATE EXTENSION pg_stat_statements");
        var finding = (await Checked.AskAsync(server.UriOf("postgres"), target.Uri)).MustHave("PB1072", Severity.Notice);
        Assert.Contains("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void the_lists_hold_what_the_documentation_said_that_day()
    {
        var (neon, planetScale) = (ExtensionList.Of("neon"), ExtensionList.Of("planetscale"));
        Assert.Equal((new(2026, 9, 27), new(2026, 8, 3)), (neon.ReadOn, planetScale.ReadOn));
        Assert.Equal((86, 45), (neon.Extensions.Count(), planetScale.Extensions.Count()));
        Assert.Equal(("0.8.6", "0.8.1"), (neon.Version("vector", 18), planetScale.Version("vector", 18)));
        Assert.True(neon.HasFrom("hstore", 11) && !neon.Has("hstore", 11) && !neon.HasFrom("hstore", 19));
        Assert.Equal("Neon's list of 2026-09-27 has hstore 1.8 for PostgreSQL 17: it may have to be allowed in the settings first.", neon.Sentence("Neon", "hstore", 17));
        Assert.Equal("PlanetScale's list of 2026-08-03 has hstore for PostgreSQL 17, 18, not for 15.", planetScale.Sentence("PlanetScale", "hstore", 15));
    }
}
