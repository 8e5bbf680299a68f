using PgBaton.Cutover;
using PgBaton.Postgres;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

public sealed class GatesTests
{
    const string Schema = "CREATE TABLE t (id int PRIMARY KEY, note text); CREATE SEQUENCE s";

    static async Task<string> ListAsync(GatePair pair)
        => string.Join(' ', (await Gates.ListAsync(pair.Migration, new WordArguments(), default)).Select(finding => $"{finding.Code} {finding.About}".TrimEnd()));

    [Fact]
    public async Task nothing_is_in_the_way_of_a_database_that_is_copied_verified_and_in_step()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        Assert.Equal("", await ListAsync(pair));
        await pair.ArmAsync();
        Assert.Equal("", await ListAsync(pair));
    }

    [Theory]
    [InlineData("UPDATE pgbaton.verification SET equal = false", "PB1702 \"public\".\"t\"")]
    [InlineData("DELETE FROM pgbaton.verification", "PB1702 \"public\".\"t\"")]
    [InlineData("DROP SEQUENCE s", "PB1704 \"public\".\"s\"")]
    [InlineData("ALTER TABLE t DROP COLUMN note", "PB1703 \"public\".\"t\"")]
    [InlineData("ALTER TABLE t ALTER id TYPE bigint", "PB1703 \"public\".\"t\"")]
    [InlineData("DROP TABLE t", "PB1703 \"public\".\"t\"")]
    [InlineData("CREATE TABLE q (id int) PARTITION BY LIST (id); CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1); CREATE INDEX i ON ONLY q (id)", "PB1708 \"public\".\"i\"")]
    public async Task what_is_wrong_on_the_target_is_listed(string damage, string expected)
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await pair.Target.ExecuteAsync(damage);
        Assert.Equal(expected, await ListAsync(pair));
    }

    [Theory]
    [InlineData("CREATE TABLE late (id int PRIMARY KEY)", "PB1703 \"public\".\"late\"")]
    [InlineData("ALTER TABLE t ADD COLUMN late int", "PB1703 \"public\".\"t\"")]
    [InlineData("CREATE SEQUENCE late", "PB1704 \"public\".\"late\"")]
    public async Task what_changed_on_the_source_is_listed(string change, string expected)
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await pair.Source.ExecuteAsync(change);
        Assert.Equal(expected, await ListAsync(pair));
    }

    [Fact]
    public async Task a_subscription_that_writes_on_the_source_is_listed_and_a_disabled_one_is_not()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await pair.Source.ExecuteAsync("CREATE SUBSCRIPTION feed CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false)");
        try
        {
            Assert.Equal("", await ListAsync(pair));
            await pair.Source.ExecuteAsync("ALTER SUBSCRIPTION feed ENABLE");
            Assert.Equal("PB1706 feed", await ListAsync(pair));
        }
        finally
        {
            await pair.Source.ExecuteAsync("ALTER SUBSCRIPTION feed DISABLE; ALTER SUBSCRIPTION feed SET (slot_name = NONE); DROP SUBSCRIPTION feed");
        }
    }

    [Fact]
    public async Task a_role_that_may_not_arm_the_gate_is_told_which_table_is_in_the_way()
    {
        var role = $"app_{Guid.NewGuid():n}"[..16];
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await pair.Source.ExecuteAsync($"CREATE ROLE {role}; GRANT pg_read_all_data TO {role}");
        try
        {
            await using var source = await pair.Source.OpenAsync();
            await using var target = await pair.Target.OpenAsync();
            await source.ExecuteAsync($"SET ROLE {role}", default);
            var findings = await Gates.ListAsync(
                new TwoSides(isBack: false, source, target), pair.Migration.Options, mayGiveUpWayBack: false, default);
            Assert.Equal([null, "\"public\".\"t\""], findings.Select(finding => finding.About));
            Assert.All(findings, finding => Assert.Equal("PB1707", finding.Code));
        }
        finally
        {
            await pair.Source.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task a_target_that_does_not_follow_is_not_in_step_for_an_onlooker()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await using var sides = new TwoSides(isBack: false, await pair.Source.OpenAsync(), await pair.Target.OpenAsync());
        var before = await Gates.ListAsync(sides, pair.Migration.Options, default);
        Assert.Equal("PB1701", Assert.Single(before).Code);
        await pair.Migration.Journal.SetFactAsync(Fact.HeartbeatAt, "now", default);
        Assert.Empty(await Gates.ListAsync(sides, pair.Migration.Options, default));
    }
}
