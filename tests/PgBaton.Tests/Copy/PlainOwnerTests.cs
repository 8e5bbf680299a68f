using PgBaton.Postgres;

namespace PgBaton.Tests.Copy;

/// <summary>A role on the target that owns the tables and may not set session_replication_role.</summary>
public sealed class PlainOwnerTests : IAsyncLifetime
{
    readonly string _role = $"owner_{Guid.NewGuid():n}"[..20];

    [Fact]
    public async Task copies_tables_of_its_own()
    {
        await using var scene = await CreateAsync("CREATE TABLE a AS SELECT g FROM generate_series(1, 100) g; CREATE TABLE b AS SELECT g, repeat('x', 900) FROM generate_series(1, 500) g;", "pre-data");

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task is_told_of_the_trigger_that_would_fire()
    {
        await using var scene = await CreateAsync(
            """
            CREATE TABLE a (id int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
            INSERT INTO a VALUES (1); CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
            """, "all");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal(("PB0406", "trigger \"t\" of table \"public\".\"a\" on the target would act on the copied rows"), (failure.Code, failure.Message));
    }

    [Fact]
    public async Task is_told_of_the_foreign_key_that_would_be_checked()
    {
        await using var scene = await CreateAsync("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a); INSERT INTO a VALUES (1);", "all");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal(("PB0406", "\"public\".\"b\""), (failure.Code, failure.About));
    }

    [Fact]
    public async Task does_not_empty_a_table_that_others_refer_to()
    {
        await using var scene = await CreateAsync("CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1);", "all");
        await scene.CopyAsync();
        await scene.Target.ExecuteAsync("CREATE TABLE outside (id int REFERENCES a ON DELETE CASCADE); INSERT INTO outside VALUES (1); UPDATE pgbaton.relation SET copied = false");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal(("PB0407", "\"public\".\"a\""), (failure.Code, failure.About));
        Assert.Equal(1, await scene.Target.QueryAsync<long>("SELECT count(*) FROM outside"));
    }

    public async ValueTask InitializeAsync()
    {
        await using var connection = await TestServer.OpenAsync(TestServer.Target.UriOf("postgres"));
        await connection.ExecuteAsync($"CREATE ROLE {_role} LOGIN PASSWORD 'plain'", default);
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = await TestServer.OpenAsync(TestServer.Target.UriOf("postgres"));
        await connection.ExecuteAsync($"DROP ROLE {_role}", default);
    }

    Task<CopyScene> CreateAsync(string tables, string section)
        => CopyScene.CreateAsync(tables, options => options with { ExistingSchema = section == "all", SplitLargerThan = 64 * 1024 }, section, targetRole: (_role, "plain"));
}
