namespace PgBaton.Tests.Preflight;

public sealed class PrivilegeCheckTests
{
    [Fact]
    public async Task PB1040_tables_and_sequences_that_may_not_be_read_are_named()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE SCHEMA s; CREATE TABLE s.\"Hidden\" (id int PRIMARY KEY); CREATE SEQUENCE secret");
        await using var role = await TestRole.CreateAsync(source, grants: $"GRANT CREATE ON DATABASE {source.Name} TO $role");
        var findings = (await Checked.AskAsync(role.Uri)).Findings.Where(finding => finding is { Code: "PB1040", Severity: Severity.Blocker }).ToList();
        Assert.Equal(2, findings.Count);
        Assert.Contains($"GRANT USAGE ON SCHEMA \"s\" TO \"{role.Name}\";\nGRANT SELECT ON \"s\".\"Hidden\" TO \"{role.Name}\";", findings[0].Fix, StringComparison.Ordinal);
        Assert.Equal("\"public\".\"secret\"", findings[1].About);
    }

    [Fact]
    public async Task PB1041_tables_of_other_owners_are_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); GRANT SELECT ON t TO public");
        await using var role = await TestRole.CreateAsync(source, grants: $"GRANT CREATE ON DATABASE {source.Name} TO $role");
        var finding = (await Checked.AskAsync(role.Uri)).MustHave("PB1041", Severity.Blocker);
        Assert.Equal("\"public\".\"t\"", finding.About);
        Assert.Contains("-- a superuser", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1042_row_level_security_that_would_hide_rows_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE forced (id int PRIMARY KEY); ALTER TABLE forced ENABLE ROW LEVEL SECURITY; ALTER TABLE forced FORCE ROW LEVEL SECURITY;
            CREATE TABLE own (id int PRIMARY KEY); ALTER TABLE own ENABLE ROW LEVEL SECURITY;
            """);
        await using var role = await TestRole.CreateAsync(
            source, grants: $"GRANT CREATE ON DATABASE {source.Name} TO $role; ALTER TABLE forced OWNER TO $role; ALTER TABLE own OWNER TO $role");
        Assert.Equal("\"public\".\"forced\"", (await Checked.AskAsync(role.Uri)).MustHave("PB1042", Severity.Blocker).About);
        await source.ExecuteAsync($"ALTER ROLE {role.Name} BYPASSRLS");
        Assert.DoesNotContain((await Checked.AskAsync(role.Uri)).Findings, finding => finding is { Code: "PB1042", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1043_a_target_role_that_cannot_be_replica_is_told_what_that_means()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(target, "", $"GRANT CREATE ON DATABASE {target.Name} TO $role");
        (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1043", Severity.Notice);
    }
}
