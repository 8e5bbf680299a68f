namespace PgBaton.Tests.Schema;

/// <summary>Databases of SQL_ASCII: the server takes any bytes for text, and nobody can say which letters they are.</summary>
[Trait("Category", "Migration")]
public sealed class NoEncodingTests
{
    const string Database = "ENCODING 'SQL_ASCII' LOCALE 'C'";

    // \351 is a letter of LATIN1, \303\251 the same one of UTF-8.
    const string Schema =
        """
        CREATE TABLE t (id int PRIMARY KEY, v text DEFAULT E'a\351', CHECK (v <> E'no\377'));
        DO $do$ BEGIN
            EXECUTE format('CREATE TABLE %I (%I text PRIMARY KEY, n int)', E't\351', E'c\351');
            EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY)', E'utf\303\251\360\237\230\200');
            EXECUTE format('COMMENT ON TABLE t IS %L', E'said \351\303\251');
            EXECUTE format('CREATE TYPE mood AS ENUM (%L, %L)', E'f\351e', 'b');
            EXECUTE format('CREATE FUNCTION f() RETURNS text LANGUAGE sql AS %L', E'SELECT ''\351''::text');
            EXECUTE format('INSERT INTO %I SELECT E''\351'' || g, g FROM generate_series(1, 20) g', E't\351');
            EXECUTE format('INSERT INTO %I VALUES (1)', E'utf\303\251\360\237\230\200');
        END $do$;
        ALTER TABLE t ADD m mood;
        INSERT INTO t (id, m) SELECT g, 'b' FROM generate_series(1, 100) g;
        INSERT INTO t (id, v) SELECT g, repeat(E'\377\303\251', 10000) FROM generate_series(101, 103) g;
        """;

    const string Later =
        """
        INSERT INTO t VALUES (200, E'\200\377', (enum_range(NULL::mood))[1]), (201, E'\303\251', 'b');
        UPDATE t SET v = E'\351' WHERE id = 1; DELETE FROM t WHERE id = 2;
        DO $do$ BEGIN
            EXECUTE format('UPDATE %I SET %I = %I || %L WHERE n < 5', E't\351', E'c\351', E'c\351', E'\352');
            EXECUTE format('DELETE FROM %I WHERE n = 7', E't\351');
            EXECUTE format('INSERT INTO %I VALUES (2)', E'utf\303\251\360\237\230\200');
        END $do$;
        """;

    // Of every table, names included; a hash, since no client could read the bytes.
    const string Everything =
        """
        SELECT md5(concat_ws(E'\n', (SELECT string_agg(t::text, E'\n' ORDER BY id) FROM t t), obj_description('t'::regclass), f(),
                   (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum),
                   (SELECT string_agg(relname || query_to_xml(format('SELECT r::text FROM %s r ORDER BY 1', oid::regclass), true, false, '')::text, E'\n' ORDER BY relname)
                      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace),
                   (SELECT string_agg(attname, ',' ORDER BY attrelid::regclass::text, attnum) FROM pg_attribute WHERE attrelid::regclass::text LIKE '%t%' AND attnum > 0
                       AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace))))
        """;

    [Fact]
    public async Task what_changes_meanwhile_is_named_and_settled_and_looked_at()
    {
        await using var source = await TestServer.Of(15).CreateDatabaseAsync(Database);
        await using var target = await TestServer.Of(17).CreateDatabaseAsync(Database);
        await source.ExecuteAsync(Schema);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(5));
        await source.ExecuteAsync(
            """
            DO $do$ BEGIN
                EXECUTE format('ALTER TYPE mood RENAME VALUE %L TO %L', E'f\351e', E'k\351');
                EXECUTE format('COMMENT ON TABLE t IS %L', E'\377 now');
            END $do$;
            """);

        Assert.Equal("PB0509", (await SayAsync(migration, "drift", new WordArguments())).Error?.Code);
        Assert.Null((await SayAsync(migration, "drift", new WordArguments { Apply = true })).Error?.ToString());
        await source.ExecuteAsync(Later);
        Assert.Null((await SayAsync(migration, "verify", new WordArguments { Repair = true })).Error?.ToString());
        Assert.NotEmpty((await Migration.ReportAsync(migration.Options)).Tables);
        Assert.Null((await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).Error?.ToString());
        Assert.Equal(await source.QueryAsync<string>(Everything), await target.QueryAsync<string>(Everything));
    }

    static Task<WordOutcome> SayAsync(Migration migration, string word, WordArguments arguments)
        => migration.SayAsync(word, arguments).WaitAsync(TimeSpan.FromMinutes(2));

    [Theory]
    [InlineData(StreamWire.Own)]
    [InlineData(StreamWire.Npgsql)]
    public async Task every_byte_arrives(StreamWire wire)
    {
        await using var source = await TestServer.Of(15).CreateDatabaseAsync(Database);
        await using var target = await TestServer.Of(17).CreateDatabaseAsync(Database);
        await source.ExecuteAsync(Schema);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri, Wire = wire });
        var findings = (await Migration.CheckAsync(migration.Options, default)).Findings;
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Blocker);
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(5));
        await source.ExecuteAsync(Later);

        Assert.Null((await migration.SayAsync("verify", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).Error?.Message);
        Assert.Null((await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(TimeSpan.FromMinutes(2))).Error?.Message);
        Assert.Equal(await source.QueryAsync<string>(Everything), await target.QueryAsync<string>(Everything));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
    }
}
