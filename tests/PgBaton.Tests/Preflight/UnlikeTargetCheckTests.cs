namespace PgBaton.Tests.Preflight;

/// <summary>What a description makes another thing on the target, or what the target takes for another thing.</summary>
public sealed class UnlikeTargetCheckTests
{
    [Fact]
    public async Task PB1074_a_text_that_is_hashed_by_ICU_is_refused_where_ICU_is_another()
    {
        const string version = "SELECT pg_collation_actual_version(oid) FROM pg_collation WHERE collname = 'und-x-icu'";
        await using var source = await TestServer.Of(15).CreateDatabaseAsync();
        await using var like = await TestServer.Of(15).CreateDatabaseAsync();
        await using var unlike = await TestServer.Of(18).CreateDatabaseAsync();
        await source.ExecuteAsync(
            "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE TABLE t (k text COLLATE ci PRIMARY KEY) PARTITION BY HASH (k)");
        Assert.DoesNotContain((await Checked.AskAsync(source, like)).Findings, finding => finding is { Code: "PB1074", Severity: > Severity.Ok });
        Assert.NotEqual(await source.QueryAsync<string>(version), await unlike.QueryAsync<string>(version)); // Else there is nothing to see here.
        Assert.Equal("\"public\".\"t\"", (await Checked.AskAsync(source, unlike)).MustHave("PB1074", Severity.Blocker).About);
    }

    [Theory]
    [InlineData(17, "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, v text); ALTER TABLE p ADD v text; ALTER TABLE c INHERIT p; ALTER TABLE ONLY p ALTER v SET NOT NULL", true)]
    [InlineData(18, "CREATE TABLE p (id int PRIMARY KEY, v text); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (p); ALTER TABLE p ADD CONSTRAINT n NOT NULL v NO INHERIT", false)]
    [InlineData(17, "CREATE TABLE p (k int PRIMARY KEY, during int4range, EXCLUDE USING gist (int4range(k, k, '[]') WITH &&)) ; CREATE TABLE c (id int PRIMARY KEY)", false)]
    [InlineData(18, "CREATE TABLE p (r int4range, EXCLUDE USING gist (r WITH =)) PARTITION BY LIST (r); CREATE TABLE c PARTITION OF p DEFAULT; ALTER TABLE c REPLICA IDENTITY FULL", true)]
    public async Task PB1075_constraints_that_no_description_brings_over_are_refused(int major, string sql, bool isRefused)
    {
        await using var source = await TestServer.Of(major).CreateDatabaseAsync();
        await source.ExecuteAsync(sql);
        var report = await Checked.AskAsync(source);
        if (isRefused)
            report.MustHave("PB1075", Severity.Blocker);
        Assert.Equal(isRefused ? ["PB1075"] : [], report.Findings.Where(finding => finding.Severity == Severity.Blocker).Select(finding => finding.Code));
    }

    [Fact]
    public async Task PB1062_rows_of_a_catalog_are_refused_where_it_has_other_columns()
    {
        await using var source = await TestServer.Of(15).CreateDatabaseAsync();
        await using var like = await TestServer.Of(15).CreateDatabaseAsync();
        await using var unlike = await TestServer.Of(18).CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, same pg_am, other pg_class[])");
        Assert.DoesNotContain((await Checked.AskAsync(source, like)).Findings, finding => finding is { Code: "PB1062", Severity: > Severity.Ok });
        Assert.Equal("column \"other\" of \"public\".\"t\"", (await Checked.AskAsync(source, unlike)).MustHave("PB1062", Severity.Blocker).About);
    }

    [Fact]
    public async Task PB1076_views_of_catalogs_are_prepared_by_the_target()
    {
        await using var source = await TestServer.Of(15).CreateDatabaseAsync();
        await using var like = await TestServer.Of(15).CreateDatabaseAsync();
        await using var unlike = await TestServer.Of(17).CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE t (id int PRIMARY KEY);
            CREATE VIEW fine AS SELECT pid, query FROM pg_stat_activity; CREATE VIEW secret AS SELECT rolpassword FROM pg_authid; CREATE VIEW ours AS SELECT id FROM t;
            CREATE VIEW later AS SELECT relpages FROM pg_class WHERE oid = ('t'::text)::regclass;
            CREATE VIEW monitoring AS SELECT buffers_backend FROM pg_stat_bgwriter;
            """);
        await using var role = await TestRole.CreateAsync(unlike, "", $"ALTER DATABASE {unlike.Name} OWNER TO $role");
        Assert.DoesNotContain((await Checked.AskAsync(source, like)).Findings, finding => finding is { Code: "PB1076", Severity: > Severity.Ok });
        var finding = (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1076", Severity.Blocker);
        Assert.Equal("view \"public\".\"monitoring\"", finding.About);
    }
}
