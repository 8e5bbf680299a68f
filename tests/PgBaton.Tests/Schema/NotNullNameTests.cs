using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Schema;

/// <summary>Constraints with the names that a server gives to NOT NULL from 18 on; plain pg_dump and psql fail at them.</summary>
[Trait("Category", "Migration")]
public sealed class NotNullNameTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_constraint_keeps_its_name_and_not_null_gets_another(bool isPlainOwner)
    {
        await using var source = await TestServer.Of(15).CreateDatabaseAsync();
        await using var target = await TestServer.Of(18).CreateDatabaseAsync();
        await using var owner = await TestRole.CreateAsync(target, "", $"ALTER DATABASE {target.Name} OWNER TO $role");
        await source.ExecuteAsync(
            """
            CREATE TABLE other (id int PRIMARY KEY); INSERT INTO other VALUES (1);
            CREATE TABLE t (id int NOT NULL, v int NOT NULL, w int NOT NULL, x int NOT NULL CONSTRAINT t_x_not_null CHECK (x > 0), CONSTRAINT t_id_not_null PRIMARY KEY (id));
            ALTER TABLE t ADD CONSTRAINT t_v_not_null CHECK (v IS NOT NULL) NOT VALID, ADD CONSTRAINT t_w_not_null FOREIGN KEY (w) REFERENCES other;
            INSERT INTO t SELECT g, g, 1, g FROM generate_series(1, 10) g;
            """);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = isPlainOwner ? owner.Uri : target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(5));
        await source.ExecuteAsync("INSERT INTO t VALUES (11, 11, 1, 11); DELETE FROM t WHERE id = 5");

        Assert.Null((await migration.SayAsync("cutover", new WordArguments { NoReverse = true })).Error?.Message);
        const string constraints = "SELECT string_agg(concat_ws(' ', conname, pg_get_constraintdef(oid), convalidated), ', ' ORDER BY conname) FROM pg_constraint WHERE conrelid = 't'::regclass AND contype <> 'n'";
        Assert.Equal(await source.QueryAsync<string>(constraints), await target.QueryAsync<string>(constraints));
        Assert.Equal(4, await target.QueryAsync<long>("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND attnotnull"));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }
}
