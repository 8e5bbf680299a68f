using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Schema;

/// <summary>Owners, privileges and the roles that they need.</summary>
public sealed class OwnersTests : IAsyncLifetime
{
    readonly string _clerk = $"Cle\"rk_{Guid.NewGuid():n}"[..20], _reader = $"reader_{Guid.NewGuid():n}"[..20];
    TestDatabase _source = null!, _target = null!;

    string Clerk => $"\"{_clerk.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    string Schema => $"""
        CREATE ROLE {Clerk}; CREATE ROLE {_reader};
        CREATE SCHEMA shop AUTHORIZATION {Clerk};
        CREATE TABLE shop.item (id int PRIMARY KEY, secret text, price int);
        CREATE FUNCTION shop.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TYPE shop.mood AS ENUM ('a');
        CREATE SEQUENCE shop.s;
        CREATE VIEW shop.v AS SELECT 1 AS id;
        CREATE POLICY p ON shop.item TO {_reader} USING (id > 0);
        ALTER TABLE shop.item ENABLE ROW LEVEL SECURITY;
        ALTER TABLE shop.item OWNER TO {Clerk}; ALTER FUNCTION shop.f(int) OWNER TO {Clerk}; ALTER TYPE shop.mood OWNER TO {Clerk}; ALTER SEQUENCE shop.s OWNER TO {Clerk};
        ALTER VIEW shop.v OWNER TO {Clerk};
        GRANT USAGE ON SCHEMA shop TO {_reader}; GRANT SELECT (id, price), UPDATE (price) ON shop.item TO {_reader} WITH GRANT OPTION;
        REVOKE EXECUTE ON FUNCTION shop.f(int) FROM PUBLIC; GRANT USAGE ON SEQUENCE shop.s TO {_reader};
        ALTER DEFAULT PRIVILEGES FOR ROLE {Clerk} IN SCHEMA shop GRANT SELECT ON TABLES TO {_reader};
        ALTER DEFAULT PRIVILEGES FOR ROLE {Clerk} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
        """;

    public async ValueTask InitializeAsync()
    {
        _source = await TestServer.Source.CreateDatabaseAsync();
        _target = await TestServer.Target.CreateDatabaseAsync();
        await _source.ExecuteAsync(Schema);
        await _source.ExecuteAsync($"GRANT CONNECT, TEMP ON DATABASE {_source.Name} TO {_reader}; GRANT USAGE ON SCHEMA public TO {Clerk}; ALTER ROLE {_reader} IN DATABASE {_source.Name} SET search_path = shop, public");
    }

    public async ValueTask DisposeAsync()
    {
        var (source, target) = (TestServer.Source, TestServer.Target);
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        foreach (var server in new[] { source, target })
        {
            await using var database = await server.CreateDatabaseAsync();
            await database.ExecuteAsync($"DROP ROLE IF EXISTS {Clerk}; DROP ROLE IF EXISTS {_reader}");
        }
    }

    MigrationOptions Options => Checked.Options(_source.Uri, _target.Uri);

    // pg_dump's own view, owners and privileges included.
    static Task<string> DumpAsync(TestDatabase database) => SchemaOracle.ReadOwnedAsync(database);

    [Fact]
    public async Task owners_and_privileges_arrive_and_missing_roles_are_refused_or_made()
    {
        var refused = (await Migration.CheckAsync(Options with { Owners = true, Privileges = true }, default)).MustHave("PB1063", Severity.Blocker);
        Assert.Contains($"CREATE ROLE {Clerk} NOLOGIN;", refused.Fix, StringComparison.Ordinal);
        Assert.Contains($"CREATE ROLE \"{_reader}\" NOLOGIN;", refused.Fix, StringComparison.Ordinal);
        (await Migration.CheckAsync(Options with { Owners = true, Roles = true }, default)).MustHave("PB1063", Severity.Notice);

        await using var migration = Migration.Open(Options with { Owners = true, Privileges = true, Roles = true });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await migration.SayAsync("drift", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
        Assert.Equal(0, (await migration.SayAsync("finish", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
        Assert.Equal(await DumpAsync(_source), await DumpAsync(_target));
        Assert.Equal(2L, await _target.QueryAsync<long>($"SELECT count(*) FROM pg_roles WHERE rolname IN ('{_clerk}', '{_reader}') AND NOT rolcanlogin"));
        Assert.Equal(
            "search_path=shop, public",
            await _target.QueryAsync<string>($"SELECT setconfig[1] FROM pg_db_role_setting WHERE setrole = '{_reader}'::regrole AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [Fact]
    public async Task PB1064_an_owner_to_whom_our_role_may_give_nothing_is_told_by_the_check()
    {
        await _target.ExecuteAsync($"CREATE ROLE {Clerk}; CREATE ROLE {_reader}");
        await _source.ExecuteAsync($"GRANT CREATE ON DATABASE {_source.Name} TO {_reader}; GRANT CREATE ON SCHEMA shop TO {_reader}; SET ROLE {_reader}; CREATE EXTENSION citext SCHEMA shop; RESET ROLE"); // Whose an extension is, is not carried.
        await using var plain = await TestRole.CreateAsync(_target, "", $"ALTER DATABASE {_target.Name} OWNER TO $role");
        var options = Options with { Target = plain.Uri, Owners = true };
        var finding = (await Migration.CheckAsync(options, default)).MustHave("PB1064", Severity.Blocker);
        Assert.StartsWith($"GRANT {Clerk} TO ", finding.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain(_reader, finding.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain((await Migration.CheckAsync(options with { Owners = false }, default)).Findings, other => other.Code == "PB1064" && other.Severity != Severity.Ok);

        await _target.ExecuteAsync($"GRANT {Clerk} TO \"{plain.Name}\"");
        Assert.DoesNotContain((await Migration.CheckAsync(options, default)).Findings, other => other.Code == "PB1064" && other.Severity != Severity.Ok);
    }

    // Whoever becomes the owner of what he had a privilege of keeps his own.
    [Fact]
    public async Task owners_that_change_while_the_source_is_followed_are_carried()
    {
        var everything = Options with { Owners = true, Privileges = true, Roles = true };
        await _source.ExecuteAsync($"CREATE TABLE shop.t (id int PRIMARY KEY); CREATE SEQUENCE shop.sq; GRANT SELECT ON shop.t, shop.v TO {_reader}; GRANT EXECUTE ON FUNCTION shop.f(int) TO {_reader}; CREATE SCHEMA s2; CREATE TYPE s2.en AS ENUM ('a'); CREATE TABLE s2.te (id int PRIMARY KEY, e s2.en)");
        await using var migration = Migration.Open(everything);
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        await _source.ExecuteAsync(
            $"""
            REVOKE SELECT ON shop.t, shop.v FROM {_reader}; ALTER TABLE shop.t OWNER TO {_reader}; ALTER VIEW shop.v OWNER TO {_reader}; REVOKE EXECUTE ON FUNCTION shop.f(int) FROM {_reader};
            ALTER FUNCTION shop.f(int) OWNER TO {_reader}; ALTER SEQUENCE shop.sq OWNER TO {_reader}; ALTER SCHEMA s2 OWNER TO {_reader}; ALTER TYPE s2.en OWNER TO {_reader}
            """);

        var settled = await migration.SayAsync("drift", new WordArguments { Apply = true }).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(settled.ExitCode == 0, settled.Error?.ToString());
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
        Assert.Equal(0, (await migration.SayAsync("finish", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
        Assert.Equal(await DumpAsync(_source), await DumpAsync(_target));
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task an_abort_drops_the_roles_it_made()
    {
        await using var migration = Migration.Open(Options with { Owners = true, Privileges = true, Roles = true });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await migration.SayAsync("abort", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
        Assert.Equal(0L, await _target.QueryAsync<long>($"SELECT count(*) FROM pg_roles WHERE rolname IN ('{_clerk}', '{_reader}')"));
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task one_role_owns_everything_on_the_target_when_told_so()
    {
        var owner = $"owner_{Guid.NewGuid():n}"[..20];
        (await Migration.CheckAsync(Options with { TargetOwner = owner }, default)).MustHave("PB1064", Severity.Blocker);
        await _target.ExecuteAsync($"CREATE ROLE {owner}; CREATE ROLE {_reader}"); // The policy needs that one.
        try
        {
            await using var migration = Migration.Open(Options with { TargetOwner = owner });
            await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(0, (await migration.SayAsync("drift", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
            Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(TimeSpan.FromMinutes(2))).ExitCode);
            Assert.Equal(owner, await _target.QueryAsync<string>(
                """
                SELECT string_agg(DISTINCT pg_get_userbyid(o), ', ')
                  FROM (SELECT relowner AS o FROM pg_class WHERE relnamespace = 'shop'::regnamespace UNION ALL SELECT nspowner FROM pg_namespace WHERE nspname = 'shop'
                         UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'shop'::regnamespace
                         UNION ALL SELECT typowner FROM pg_type WHERE typnamespace = 'shop'::regnamespace) x
                """));
        }
        finally
        {
            await _target.ExecuteAsync($"SET default_transaction_read_only = off; DROP SCHEMA IF EXISTS shop CASCADE; DROP ROLE {owner}");
        }
    }
}
