namespace PgBaton.Tests.Schema;

/// <summary>DDL while the stream is followed: told with its statement, settled by a word, and then the migration goes on by itself.</summary>
[Trait("Category", "Migration")]
public sealed class SchemaDriftTests
{
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task a_column_added_stops_the_stream_and_is_settled_by_apply()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        await source.ExecuteAsync("ALTER TABLE t ADD COLUMN note text DEFAULT 'x' NOT NULL; INSERT INTO t VALUES (2, 'new')");

        var stopped = await Assert.ThrowsAsync<MigrationException>(() => migration.RunAsync(Goal.Finished).WaitAsync(Patience));
        Assert.Equal(("PB0509", ExitCode.Stopped), (stopped.Code, stopped.ExitCode));
        Assert.Contains("TABLE public t was changed: column \"note\" is new", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("ALTER TABLE \"public\".\"t\" ADD COLUMN \"note\" text DEFAULT 'x' NOT NULL;\nALTER TABLE \"public\".\"t\" ALTER COLUMN \"note\" SET DEFAULT 'x'::text;", stopped.Hint, StringComparison.Ordinal);

        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments { Apply = true })).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments())).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).ExitCode);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    [Fact]
    [Trait("Length", "Long")]
    [Trait("Since", "12")]
    public async Task what_does_not_disturb_the_stream_keeps_the_cutover_until_it_is_accepted()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TABLE t (id int PRIMARY KEY, m mood)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        await source.ExecuteAsync("CREATE INDEX t_m ON t (m); ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high'");

        var blocked = await SayAsync(migration, "cutover", new WordArguments { NoReverse = true });
        Assert.Equal("PB0509", blocked.Error!.Code);
        Assert.Contains("INDEX public t_m is new", blocked.Error.Detail, StringComparison.Ordinal);
        Assert.Contains("ALTER TYPE \"public\".\"mood\" ADD VALUE 'middle' BEFORE 'high';", blocked.Error.Hint, StringComparison.Ordinal);

        await target.ExecuteAsync("CREATE INDEX t_m ON t (id)");
        var refused = await SayAsync(migration, "drift", new WordArguments { Apply = true });
        Assert.Equal("PB0510", refused.Error!.Code);
        Assert.Equal(2L, await target.QueryAsync<long>("SELECT count(*) FROM pg_enum WHERE enumtypid = 'mood'::regtype")); // All or nothing.
        await target.ExecuteAsync("DROP INDEX t_m; CREATE INDEX t_m ON t (m); ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high'");
        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments { Accept = true })).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).ExitCode);
    }

    // Partitions follow their root, a column needs a sequence and a type that are new, a type and a domain are in use.
    [Fact]
    public async Task what_depends_on_one_another_is_applied_in_an_order_that_works()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE root (gone int, id int, k int, v varchar(5), PRIMARY KEY (id, k)) PARTITION BY LIST (k);
            CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1);
            CREATE TABLE branch PARTITION OF root FOR VALUES IN (2) PARTITION BY RANGE (id);
            CREATE TABLE "another leaf" PARTITION OF branch FOR VALUES FROM (0) TO (1000);
            INSERT INTO root VALUES (0, 1, 1, 'x'), (0, 2, 2, 'y');
            CREATE TYPE pair AS (a int); CREATE DOMAIN small AS int CHECK (VALUE < 100); CREATE DOMAIN word AS text;
            CREATE TABLE t (id int PRIMARY KEY, p pair, s small, w word DEFAULT 'w', n int CHECK (n > 0));
            """);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        await source.ExecuteAsync(
            """
            ALTER TABLE root ADD COLUMN n int NOT NULL DEFAULT 5, ADD CHECK (n > 0), DROP COLUMN gone;
            ALTER TABLE root ALTER v TYPE varchar(50), ALTER v SET NOT NULL, ALTER v SET DEFAULT 'v';
            CREATE INDEX ON root (v);
            CREATE TABLE "new leaf" PARTITION OF root FOR VALUES IN (3);
            INSERT INTO root (id, k, v) VALUES (3, 1, repeat('v', 30)), (4, 3, 'new');
            ALTER TYPE pair ADD ATTRIBUTE b text;
            ALTER DOMAIN small DROP CONSTRAINT small_check; ALTER DOMAIN small ADD CONSTRAINT few CHECK (VALUE < 1000); ALTER DOMAIN word SET DEFAULT 'd'; ALTER DOMAIN word SET NOT NULL;
            CREATE TYPE color AS ENUM ('red');
            ALTER TABLE t ADD COLUMN serial serial, ADD COLUMN c color DEFAULT 'red', ALTER n SET NOT NULL, DROP CONSTRAINT t_n_check, ADD CONSTRAINT positive CHECK (n > 1);
            INSERT INTO t (id, p, s, n) VALUES (1, ROW (1, 'b'), 500, 2);
            """);

        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
        Assert.Equal(0, (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).ExitCode);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    [Fact]
    public async Task what_is_taken_as_settled_and_is_not_is_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, a text)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        await source.ExecuteAsync("ALTER TABLE t ALTER a SET STATISTICS 500");

        var told = await SayAsync(migration, "drift", new WordArguments());
        Assert.Contains("now \"ALTER TABLE ONLY public.t ALTER COLUMN a SET STATISTICS 500\"", told.Error!.Message, StringComparison.Ordinal);
        await source.ExecuteAsync("ALTER TABLE t RENAME a TO b");
        told = await SayAsync(migration, "drift", new WordArguments { Apply = true });
        Assert.Contains("by ALTER TABLE \"public\".\"t\" RENAME COLUMN \"a\" TO \"b\"", told.Error!.Message, StringComparison.Ordinal);
        told = await SayAsync(migration, "drift", new WordArguments { Accept = true });
        Assert.Equal(("PB0509", "TABLE public t"), (told.Error?.Code, told.Error?.Object));
        Assert.StartsWith("the target's schema is not the source's", told.Error!.Message, StringComparison.Ordinal);
        told = await SayAsync(migration, "cutover", new WordArguments { NoReverse = true });
        Assert.Equal(("PB0509", "TABLE public t"), (told.Error?.Code, told.Error?.Object));
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Accept = true }));
        Succeeds(await SayAsync(migration, "drift", new WordArguments()));
        Assert.Equal("TABLE public t", Assert.Single((await Migration.StatusAsync(migration.Options)).Definitions!.Differences).Object);
    }

    // What frameworks and people do to a database that is in use, and what must hold on the target afterwards.
    [Theory]
    [InlineData("a table renamed", "ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (100, 'x'); UPDATE u SET v = 'y' WHERE id = 2", "SELECT to_regclass('t') IS NULL AND (SELECT count(*) FROM u) = 11")]
    [InlineData(
        "a table put aside", "BEGIN; INSERT INTO t VALUES (100, 'old'); ALTER TABLE t RENAME TO t_old; ALTER INDEX t_pkey RENAME TO t_old_pkey; CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'new'); COMMIT; DELETE FROM t_old WHERE id = 9",
        "SELECT (SELECT count(*) FROM t) = 1 AND (SELECT count(*) FROM t_old) = 10")]
    [InlineData("two exchanged", "ALTER TABLE t RENAME TO x; ALTER TABLE computed RENAME TO t; ALTER TABLE x RENAME TO computed; INSERT INTO computed VALUES (100, 'x'); INSERT INTO t VALUES (100)", "SELECT (SELECT count(*) FROM computed) = 11 AND (SELECT count(*) FROM t) = 2")]
    [InlineData("a root renamed", "ALTER TABLE root RENAME TO trunk; INSERT INTO trunk VALUES (9, 1)", "SELECT (SELECT count(*) FROM trunk) = 3")]
    [InlineData("renamed and back", "ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (100, 'x'); ALTER TABLE u RENAME TO t", "SELECT (SELECT count(*) FROM t) = 11")]
    [InlineData("a column with a backfill", "ALTER TABLE t ADD COLUMN n int; UPDATE t SET n = id; ALTER TABLE t ALTER n SET NOT NULL, ADD CHECK (n > 0)", "SELECT (SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'n') AND EXISTS (SELECT FROM pg_constraint WHERE conname = 't_n_check' AND convalidated)")]
    [InlineData("a default that goes again", "ALTER TABLE t ADD COLUMN n int NOT NULL DEFAULT 5; ALTER TABLE t ALTER n DROP DEFAULT; INSERT INTO t VALUES (100, 'x', 6)", "SELECT (SELECT attnotnull AND NOT atthasdef FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'n')")]
    [InlineData("a moment that rows got", "ALTER TABLE t ADD COLUMN at timestamptz NOT NULL DEFAULT now(), ADD COLUMN a text[] DEFAULT ARRAY['x,y', NULL]", "SELECT (SELECT count(DISTINCT at) FROM t) = 1")]
    [InlineData("an identity added", "ALTER TABLE t ADD COLUMN n bigint GENERATED BY DEFAULT AS IDENTITY", "SELECT (SELECT attidentity = 'd' FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'n')")]
    [InlineData("a column and the rest", "ALTER TABLE t ADD COLUMN n int, SET (fillfactor = 70), ALTER v SET STORAGE EXTERNAL; ALTER TABLE t FORCE ROW LEVEL SECURITY", "SELECT reloptions::text = '{fillfactor=70}' AND relforcerowsecurity FROM pg_class WHERE oid = 't'::regclass")]
    [InlineData("row security switched off", "ALTER TABLE secured DISABLE ROW LEVEL SECURITY", "SELECT NOT relrowsecurity FROM pg_class WHERE oid = 'secured'::regclass")]
    [InlineData("comments gone", "COMMENT ON TABLE t IS NULL; COMMENT ON COLUMN t.v IS NULL; COMMENT ON FUNCTION f(int) IS NULL", "SELECT NOT EXISTS (SELECT FROM pg_description WHERE description IN ('of t', 'of v', 'of f'))")]
    [InlineData("a sequence owned by none", "ALTER SEQUENCE owned OWNED BY NONE", "SELECT pg_get_serial_sequence('secured', 'id') IS NULL")]
    [InlineData("a filled view made anew", "DROP VIEW on_view; DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT id, v, 1 AS one FROM t; CREATE UNIQUE INDEX m_id ON m (id); COMMENT ON MATERIALIZED VIEW m IS 'of the view'; CREATE VIEW on_view AS SELECT v FROM m", "SELECT to_regclass('m_id') IS NOT NULL AND obj_description('m'::regclass) = 'of the view' AND (SELECT count(*) FROM m) = 10")]
    [InlineData("another result of a function", "DROP FUNCTION f(int); CREATE FUNCTION f(n int) RETURNS text LANGUAGE sql AS 'SELECT n::text'; COMMENT ON FUNCTION f(int) IS 'of the function'", "SELECT prorettype = 'text'::regtype AND obj_description(oid, 'pg_proc') = 'of the function' FROM pg_proc WHERE proname = 'f'")]
    [InlineData("a key under a foreign key", "ALTER TABLE child DROP CONSTRAINT child_t_fkey; ALTER TABLE root DROP CONSTRAINT root_id_fkey; ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id) INCLUDE (v); ALTER TABLE child ADD FOREIGN KEY (t) REFERENCES t; ALTER TABLE root ADD FOREIGN KEY (id) REFERENCES t", "SELECT indnatts = 2 FROM pg_index WHERE indexrelid = 't_pkey'::regclass")]
    [InlineData("a check beside others", "ALTER TABLE t ADD CONSTRAINT late CHECK (id < 1000) NOT VALID, ALTER v SET DEFAULT 'x'", "SELECT NOT convalidated FROM pg_constraint WHERE conname = 'late'")]
    [InlineData("a table attached", "ALTER TABLE root ATTACH PARTITION lone FOR VALUES IN (7)", "SELECT (SELECT count(*) FROM root) = 3 AND EXISTS (SELECT FROM pg_index WHERE indrelid = 'lone'::regclass AND indisprimary)")]
    [InlineData("a partition detached", "ALTER TABLE root DETACH PARTITION leaf", "SELECT (SELECT count(*) FROM root) = 1 AND (SELECT count(*) FROM leaf) = 1")]
    [InlineData("other bounds", "ALTER TABLE root DETACH PARTITION leaf; ALTER TABLE root ATTACH PARTITION leaf FOR VALUES IN (1, 3); INSERT INTO root VALUES (3, 3)", "SELECT (SELECT count(*) FROM leaf) = 2")]
    [InlineData("no longer generated", "ALTER TABLE computed ALTER g DROP EXPRESSION; UPDATE computed SET g = 7", "SELECT (SELECT g FROM computed) = 7")]
    [InlineData(
        "rows of the default partition moved",
        "BEGIN; CREATE TABLE log_two (LIKE log INCLUDING ALL); WITH moved AS (DELETE FROM log WHERE k = 2 RETURNING *) INSERT INTO log_two SELECT * FROM moved; ALTER TABLE log ATTACH PARTITION log_two FOR VALUES IN (2); COMMIT; INSERT INTO log VALUES (4, 2); CREATE INDEX ON log (k)",
        "SELECT (SELECT count(*) FROM log_two) = 2 AND (SELECT count(*) FROM log) = 4 AND (SELECT count(*) FROM pg_inherits WHERE inhrelid::regclass::text LIKE 'log_two%') = 3")]
    [InlineData("keys and indexes named anew", "ALTER TABLE t RENAME CONSTRAINT t_pkey TO t_key; ALTER TABLE root RENAME CONSTRAINT root_pkey TO root_key; ALTER INDEX m_id RENAME TO m_key; ALTER TABLE child RENAME CONSTRAINT child_t_fkey TO child_key", "SELECT to_regclass('t_key') IS NOT NULL AND to_regclass('root_key') IS NOT NULL AND to_regclass('leaf_pkey') IS NOT NULL AND to_regclass('m_key') IS NOT NULL AND EXISTS (SELECT FROM pg_constraint WHERE conname = 'child_key')")]
    [InlineData("all of a table named anew", "ALTER TABLE secured RENAME TO guarded; ALTER POLICY only_small ON guarded RENAME TO small; ALTER RULE quiet ON guarded RENAME TO silent; ALTER TRIGGER tick ON guarded RENAME TO tock; ALTER INDEX secured_pkey RENAME TO guarded_pkey; INSERT INTO guarded VALUES (1)", "SELECT EXISTS (SELECT FROM pg_policies WHERE policyname = 'small') AND EXISTS (SELECT FROM pg_rules WHERE rulename = 'silent') AND EXISTS (SELECT FROM pg_trigger WHERE tgname = 'tock' AND tgenabled = 'O') AND to_regclass('guarded_pkey') IS NOT NULL AND (SELECT count(*) FROM guarded) = 1")]
    [InlineData("only a policy, a rule and a trigger", "ALTER POLICY only_small ON secured RENAME TO small; ALTER RULE quiet ON secured RENAME TO silent; ALTER TRIGGER tick ON secured RENAME TO tock", "SELECT (SELECT policyname = 'small' FROM pg_policies) AND EXISTS (SELECT FROM pg_rules WHERE rulename = 'silent') AND (SELECT tgname = 'tock' FROM pg_trigger WHERE tgrelid = 'secured'::regclass AND NOT tgisinternal AND tgname NOT LIKE 'pgbaton%')")]
    [InlineData("another type under views", "DROP VIEW on_view; DROP MATERIALIZED VIEW m; ALTER TABLE t ALTER v TYPE varchar(50); CREATE MATERIALIZED VIEW m AS SELECT id, v FROM t; CREATE UNIQUE INDEX m_id ON m (id); COMMENT ON MATERIALIZED VIEW m IS 'of the view'; CREATE VIEW on_view AS SELECT v FROM m", "SELECT (SELECT count(*) FROM on_view) = 10 AND obj_description('m'::regclass) = 'of the view' AND to_regclass('m_id') IS NOT NULL AND (SELECT atttypmod > 0 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'v')")]
    [InlineData("a table that became a partition under its root", "BEGIN; ALTER TABLE lone RENAME TO lone_7; CREATE TABLE lone (id int NOT NULL, k int NOT NULL) PARTITION BY LIST (k); ALTER TABLE lone ATTACH PARTITION lone_7 FOR VALUES IN (7); COMMIT; INSERT INTO lone VALUES (6, 7)", "SELECT (SELECT count(*) FROM lone) = 2 AND (SELECT count(*) FROM lone_7) = 2")]
    [InlineData("labels named anew, and a new one", "BEGIN; UPDATE felt SET m = 'b' WHERE id = 2; COMMIT; BEGIN; ALTER TYPE mood RENAME VALUE 'b' TO 'it''s b'; ALTER TYPE mood ADD VALUE 'd'; COMMIT; UPDATE felt SET m = 'it''s b' WHERE id = 1; UPDATE felt SET m = 'd' WHERE id = 3", "SELECT string_agg(m::text, ',' ORDER BY id) = 'it''s b,it''s b,d' FROM felt")]
    [InlineData("an attribute between rows", "BEGIN; INSERT INTO paired VALUES (10, ROW(1, 'a')); COMMIT; BEGIN; ALTER TYPE pair ADD ATTRIBUTE z int CASCADE; COMMIT; INSERT INTO paired VALUES (11, ROW(1, 'a', 3))", "SELECT string_agg(p::text, ' ' ORDER BY id) = '(1,a,) (1,a,3)' FROM paired")]
    [InlineData("a partition that has partitions", "CREATE TABLE leafy PARTITION OF root FOR VALUES IN (8) PARTITION BY LIST (id); CREATE TABLE leafy_rest PARTITION OF leafy DEFAULT; INSERT INTO root VALUES (5, 8)", "SELECT (SELECT count(*) FROM leafy_rest) = 1 AND (SELECT count(*) FROM pg_index WHERE indrelid IN ('leafy'::regclass, 'leafy_rest'::regclass) AND indisprimary AND indisvalid) = 2")]
    [InlineData("a column made anew", "ALTER TABLE felt DROP COLUMN m; ALTER TABLE felt ADD COLUMN m mood; CREATE INDEX felt_m ON felt (m); UPDATE felt SET m = 'a' WHERE id = 2", "SELECT (SELECT count(m) = 1 FROM felt) AND to_regclass('felt_m') IS NOT NULL")]
    [InlineData("a column made anew of another type", "UPDATE felt SET m = 'a' WHERE id = 2; ALTER TABLE felt DROP COLUMN m; ALTER TABLE felt ADD COLUMN m int NOT NULL DEFAULT 7; CREATE INDEX felt_m ON felt (m); UPDATE felt SET m = 9 WHERE id = 2", "SELECT (SELECT sum(m) = 23 FROM felt) AND (SELECT attnotnull FROM pg_attribute WHERE attrelid = 'felt'::regclass AND attname = 'm') AND to_regclass('felt_m') IS NOT NULL")]
    [InlineData("columns made anew behind others", "ALTER TABLE lone DROP COLUMN id; ALTER TABLE lone ADD COLUMN id bigint; UPDATE lone SET id = 8; ALTER TABLE computed DROP COLUMN g; ALTER TABLE computed ADD COLUMN g int; UPDATE computed SET g = id", "SELECT (SELECT id = 8 FROM lone) AND (SELECT g = 1 FROM computed) AND (SELECT attnum > 2 FROM pg_attribute WHERE attrelid = 'lone'::regclass AND attname = 'id')")]
    [InlineData("a partitioned table's column made anew", "ALTER TABLE log DROP COLUMN x; ALTER TABLE log ADD COLUMN x text; UPDATE log SET x = 'y' WHERE id = 2; INSERT INTO log VALUES (4, 4, 'z')", "SELECT string_agg(coalesce(x, '-'), '' ORDER BY id) = '-y-z' FROM log")]
    [InlineData("a column for another", "ALTER TABLE felt DROP COLUMN m; ALTER TABLE felt ADD COLUMN mm mood DEFAULT 'c'; UPDATE felt SET mm = 'a' WHERE id = 1", "SELECT string_agg(mm::text, '' ORDER BY id) = 'acc' FROM felt")]
    [InlineData("no longer generated, with changes before", "BEGIN; UPDATE computed SET id = 5; COMMIT; BEGIN; ALTER TABLE computed ALTER g DROP EXPRESSION; COMMIT; BEGIN; UPDATE computed SET id = 6; COMMIT", "SELECT (SELECT g = 10 FROM computed)")]
    [InlineData("constraints validated", "ALTER TABLE bound VALIDATE CONSTRAINT bx; ALTER DOMAIN whole VALIDATE CONSTRAINT positive; INSERT INTO of_whole VALUES (1, 1)", "SELECT count(*) = 2 FROM pg_constraint WHERE conname IN ('bx', 'positive') AND convalidated")]
    [InlineData("a constraint that is not valid replaced", "ALTER TABLE bound DROP CONSTRAINT bx; ALTER TABLE bound ADD CONSTRAINT bx CHECK (x > 1)", "SELECT convalidated AND pg_get_constraintdef(oid) LIKE '%> 1%' FROM pg_constraint WHERE conname = 'bx'")]
    [InlineData("a partition put away, and another in its place", "BEGIN; ALTER TABLE root DETACH PARTITION other; ALTER TABLE other RENAME TO other_old; CREATE TABLE other PARTITION OF root FOR VALUES IN (2); INSERT INTO other SELECT * FROM other_old; COMMIT; INSERT INTO root VALUES (3, 2)", "SELECT (SELECT count(*) FROM root) = 3 AND (SELECT count(*) FROM other_old) = 1 AND (SELECT inhparent FROM pg_inherits WHERE inhrelid = 'other'::regclass) = 'root'::regclass")]
    [InlineData("an index that went to the table of that name", "ALTER TABLE felt RENAME TO felt_old; DROP INDEX felt_m; CREATE TABLE felt (id int PRIMARY KEY, m mood); CREATE INDEX felt_m ON felt (m); INSERT INTO felt VALUES (9, 'a')", "SELECT (SELECT indrelid FROM pg_index WHERE indexrelid = 'felt_m'::regclass) = 'felt'::regclass AND (SELECT count(*) FROM felt_old) = 3")]
    [InlineData("a column for all, and one put off", "ALTER TABLE log ADD COLUMN z int; ALTER TABLE log DETACH PARTITION log_rest; UPDATE log_rest SET z = 5 WHERE id = 1", "SELECT (SELECT sum(z) = 5 FROM log_rest) AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = 'log_rest'::regclass)")]
    [InlineData("an attribute between rows of a table that has another column", "INSERT INTO paired VALUES (10, ROW(1, 'a')); BEGIN; ALTER TABLE paired ADD n int; INSERT INTO paired VALUES (20, ROW(1, 'a'), 2); UPDATE paired SET n = 9; COMMIT; ALTER TYPE pair ADD ATTRIBUTE z int; UPDATE paired SET p = ROW(3, 'q', 4) WHERE id = 20", "SELECT string_agg(p::text, ' ' ORDER BY id) = '(1,a,) (3,q,4)' FROM paired")]
    [InlineData("a leaf that went to another root", "ALTER TABLE near_root DETACH PARTITION near_leaf; ALTER TABLE far_root ATTACH PARTITION near_leaf FOR VALUES IN (1); ALTER TABLE near_root ADD COLUMN z int DEFAULT 7; INSERT INTO near_leaf VALUES (2, 1)", "SELECT (SELECT count(*) = 2 FROM far_root) AND (SELECT count(*) = 0 FROM near_root)")]
    [InlineData("an attribute made anew within a range", "ALTER TYPE pair DROP ATTRIBUTE b; ALTER TYPE pair ADD ATTRIBUTE b text", "SELECT v::text = '[\"(1,)\",\"(2,)\")' FROM ranged")]
    [InlineData("an attribute made anew within a multirange", "ALTER TYPE pair DROP ATTRIBUTE b; ALTER TYPE pair ADD ATTRIBUTE b text", "SELECT d::text = '{[\"(1,)\",\"(2,)\")}' FROM ranged")]
    [InlineData("an identity of another type", "ALTER SEQUENCE counted_id_seq AS bigint; INSERT INTO counted DEFAULT VALUES", "SELECT seqtypid = 'bigint'::regtype FROM pg_sequence WHERE seqrelid = 'counted_id_seq'::regclass")]
    [InlineData("a generated column of another type", "ALTER TABLE computed ALTER g TYPE bigint", "SELECT format_type(atttypid, atttypmod) = 'bigint' FROM pg_attribute WHERE attrelid = 'computed'::regclass AND attname = 'g'")]
    [InlineData("an attribute for typed tables", "ALTER TYPE kind ADD ATTRIBUTE r int CASCADE; INSERT INTO typed VALUES (2, 3)", "SELECT count(r) = 1 FROM typed")]
    [InlineData("a generated column made anew as another type", "ALTER TABLE computed DROP g; ALTER TABLE computed ADD g text GENERATED ALWAYS AS (id::text || '!') STORED; INSERT INTO computed VALUES (2)", "SELECT string_agg(g, ' ' ORDER BY id) = '1! 2!' FROM computed")]
    [InlineData("an identity made anew as another type", "ALTER TABLE numbered DROP g; ALTER TABLE numbered ADD g bigint GENERATED ALWAYS AS IDENTITY; INSERT INTO numbered VALUES (3)", "SELECT string_agg(g::text, ' ' ORDER BY id) = '1 2 3' FROM numbered")]
    [InlineData("the last column made anew behind one that is new", "INSERT INTO of_whole VALUES (1, 1); ALTER TABLE of_whole ADD c text DEFAULT 'x'; ALTER TABLE of_whole DROP d; ALTER TABLE of_whole ADD d int DEFAULT 5; INSERT INTO of_whole (id) VALUES (4)", "SELECT (SELECT count(*) FROM of_whole WHERE d = 5) = 2 AND (SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'of_whole'::regclass AND attnum > 0 AND NOT attisdropped) = 'id c d'")]
    [InlineData("attributes made anew", "INSERT INTO paired VALUES (1, ROW(1, 'a')), (2, ROW(2, 'b')); ALTER TYPE pair DROP ATTRIBUTE b; ALTER TYPE pair ADD ATTRIBUTE b text; UPDATE paired SET p.b = 'n' WHERE id = 2; INSERT INTO nested VALUES (2, ARRAY[ROW(3, 'c')]::pair[])", "SELECT (SELECT string_agg(p::text, ' ' ORDER BY id) = '(1,) (2,n)' FROM paired) AND (SELECT p[1]::text = '(9,)' FROM nested WHERE id = 1)")]
    [InlineData("an attribute made anew as another type, before others", "INSERT INTO paired VALUES (1, ROW(1, 'a')); ALTER TYPE pair DROP ATTRIBUTE a; ALTER TYPE pair ADD ATTRIBUTE a numeric; UPDATE paired SET p.a = 1.50", "SELECT (SELECT p::text = '(a,1.50)' FROM paired) AND (SELECT p[1]::text = '(z,)' FROM nested)")]
    [InlineData("an attribute made anew as another type", "INSERT INTO paired VALUES (1, ROW(1, 'a')); ALTER TYPE pair DROP ATTRIBUTE b; ALTER TYPE pair ADD ATTRIBUTE b int; UPDATE paired SET p.b = 7", "SELECT (SELECT p::text = '(1,7)' FROM paired) AND (SELECT p[1]::text = '(9,)' FROM nested)")]
    [InlineData("a sequence that went to the table of that name", "ALTER TABLE serials RENAME TO serials_old; CREATE TABLE serials (id int PRIMARY KEY DEFAULT nextval('serials_id_seq')); ALTER SEQUENCE serials_id_seq OWNED BY serials.id; INSERT INTO serials DEFAULT VALUES", "SELECT pg_get_serial_sequence('serials', 'id') = 'public.serials_id_seq'")]
    [InlineData("options of a foreign server", "ALTER SERVER away OPTIONS (SET host 'b', ADD port '1', DROP gone)", "SELECT srvoptions::text = '{host=b,port=1}' FROM pg_foreign_server")]
    [InlineData("a sequence that steps otherwise", "ALTER SEQUENCE owned INCREMENT 5 CACHE 10; ALTER SEQUENCE free AS smallint CYCLE", "SELECT (SELECT seqincrement = 5 FROM pg_sequence WHERE seqrelid = 'owned'::regclass) AND (SELECT seqcycle AND seqtypid = 'smallint'::regtype FROM pg_sequence WHERE seqrelid = 'free'::regclass)")]
    [Trait("Length", "Long")]
    public async Task a_migration_of_the_application_is_followed(string what, string ddl, string holds)
    {
        Assert.NotEmpty(what);
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, 'v' FROM generate_series(1, 10) g; COMMENT ON TABLE t IS 'of t'; COMMENT ON COLUMN t.v IS 'of v';
            CREATE TABLE child (id int PRIMARY KEY, t int REFERENCES t); INSERT INTO child VALUES (1, 3);
            CREATE TYPE mood AS ENUM ('a', 'b', 'c'); CREATE TABLE felt (id int PRIMARY KEY, m mood); INSERT INTO felt VALUES (1, 'b'), (2, 'c'), (3, 'b'); CREATE INDEX felt_m ON felt (m);
            CREATE TYPE pair AS (a int, b text); CREATE TABLE paired (id int PRIMARY KEY, p pair); CREATE TABLE nested (id int PRIMARY KEY, p pair[]); INSERT INTO nested VALUES (1, ARRAY[ROW(9, 'z')::pair]);
            CREATE TABLE root (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1); CREATE TABLE other PARTITION OF root FOR VALUES IN (2);
            ALTER TABLE root ADD FOREIGN KEY (id) REFERENCES t; INSERT INTO root VALUES (1, 1), (2, 2) ; CREATE TABLE lone (id int NOT NULL, k int NOT NULL); ALTER TABLE lone REPLICA IDENTITY FULL; INSERT INTO lone VALUES (5, 7);
            CREATE TABLE secured (id int PRIMARY KEY); ALTER TABLE secured ENABLE ROW LEVEL SECURITY; CREATE SEQUENCE owned OWNED BY secured.id;
            CREATE POLICY only_small ON secured USING (id < 1000); CREATE RULE quiet AS ON UPDATE TO secured WHERE OLD.id = NEW.id DO INSTEAD NOTHING;
            CREATE TRIGGER tick BEFORE UPDATE ON secured FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
            CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql AS 'SELECT n'; COMMENT ON FUNCTION f(int) IS 'of f';
            CREATE MATERIALIZED VIEW m AS SELECT id, v FROM t; CREATE UNIQUE INDEX m_id ON m (id); COMMENT ON MATERIALIZED VIEW m IS 'of the view'; CREATE VIEW on_view AS SELECT v FROM m;
            CREATE TABLE log (id int, k int, x int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE log_rest PARTITION OF log DEFAULT; INSERT INTO log VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3); CREATE FOREIGN DATA WRAPPER far; CREATE SERVER away FOREIGN DATA WRAPPER far OPTIONS (host 'a', gone 'x'); CREATE USER MAPPING FOR PUBLIC SERVER away; CREATE FOREIGN TABLE afar (id int) SERVER away;
            CREATE TYPE stretch AS RANGE (subtype = pair); CREATE DOMAIN stretches AS stretch_multirange; CREATE TABLE ranged (id int PRIMARY KEY, v stretch, d stretches); INSERT INTO ranged VALUES (1, '["(1,q)","(2,w)")', '{["(1,q)","(2,w)")}');
            CREATE TABLE numbered (id int PRIMARY KEY, g int GENERATED BY DEFAULT AS IDENTITY); INSERT INTO numbered VALUES (1), (2); CREATE TABLE counted (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY); CREATE TYPE kind AS (id int); CREATE TABLE typed OF kind (PRIMARY KEY (id)); INSERT INTO typed VALUES (1);
            CREATE TABLE near_root (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE near_leaf PARTITION OF near_root FOR VALUES IN (1); INSERT INTO near_root VALUES (1, 1);
            CREATE TABLE far_root (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
            CREATE SEQUENCE free; CREATE TABLE serials (id serial PRIMARY KEY); INSERT INTO serials DEFAULT VALUES;
            CREATE TABLE bound (id int PRIMARY KEY, x int); ALTER TABLE bound ADD CONSTRAINT bx CHECK (x > 0) NOT VALID; INSERT INTO bound VALUES (1, 5);
            CREATE DOMAIN whole AS int; ALTER DOMAIN whole ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID; CREATE TABLE of_whole (id int PRIMARY KEY, d whole);
            CREATE TABLE computed (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO computed VALUES (1);
            """);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        await source.ExecuteAsync(ddl);

        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "drift", new WordArguments()));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.True(await target.QueryAsync<bool>(holds), what);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    // Somebody does on the target what was done on the source.
    [Theory]
    [InlineData("CREATE SCHEMA s; ALTER TABLE t SET SCHEMA s", "s.t")]
    [InlineData("ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME v TO w", "u")]
    [InlineData("ALTER TYPE e RENAME VALUE 'a' TO 'z'; ALTER TYPE e RENAME VALUE 'b' TO 'a'; ALTER TYPE e RENAME VALUE 'z' TO 'b'", "t")]
    [Trait("Length", "Long")]
    public async Task what_only_a_person_can_say_is_accepted(string ddl, string table)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id serial PRIMARY KEY, v text, e e DEFAULT 'a'); INSERT INTO t (v) VALUES ('v'), ('w')");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        await source.ExecuteAsync(ddl);
        await source.ExecuteAsync($"INSERT INTO {table} DEFAULT VALUES; DELETE FROM {table} WHERE id = 1");

        Assert.Contains((await SayAsync(migration, "drift", new WordArguments { Apply = true })).Error?.Code, (string[])["PB0509", "PB0510"]);
        await target.ExecuteAsync(ddl);
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Accept = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    internal static Task<string> DefinitionsAsync(TestDatabase database) => database.QueryAsync<string>(
        """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT format('%s %s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS line
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
             UNION ALL
            SELECT format('%s %s %s %s', conname, conrelid::regclass, contypid::regtype, pg_get_constraintdef(oid)) FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'p', 'u')
             UNION ALL
            SELECT format('%s %s %s', typname, typnotnull, typdefault) FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'd') lines
        """);

    internal static void Succeeds(WordOutcome outcome) => Assert.True(outcome.Error is null, outcome.Error?.ToString());

    internal static Task<WordOutcome> SayAsync(Migration migration, string word, WordArguments arguments) => migration.SayAsync(word, arguments).WaitAsync(Patience);
}
