using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

/// <summary>Every way in which a target is known to go wrong must be found, by both digests; and nothing may be found before it went wrong.</summary>
public sealed class CorruptionTests
{
    public static TheoryData<string> Names => [.. _all.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task is_found(string name)
    {
        var corruption = _all[name];
        await using var databases = await TwoDatabases.CreateAsync(corruption.Both);
        foreach (var sha256 in new[] { false, true })
            Assert.True((await databases.VerifyAsync(new VerifyOptions { Sha256 = sha256 })).IsEqual, "differs before anything was changed");

        await databases.Target.ExecuteAsync(corruption.Target);
        foreach (var sha256 in new[] { false, true })
        {
            var report = await databases.VerifyAsync(new VerifyOptions { Sha256 = sha256 });
            Assert.Equal(ExitCode.Differs, report.ExitCode);
            Assert.Equal("PB0601", report.ToError()!.Code);
            Assert.Equal(corruption.Found, report.Tables.Where(table => !table.IsEqual).SelectMany(Describe));
        }
    }

    // Docs/reliability.md lists them by these numbers; the last one is the test below.
    [Fact]
    public void every_kind_of_corruption_on_the_list_has_a_case()
        => Assert.Equal(Enumerable.Range(1, 17), _all.Keys.Select(name => name.Split(':')).Where(parts => parts.Length == 2).Select(parts => int.Parse(parts[0], provider: null)).Order());

    [Fact]
    public async Task a_row_that_a_corrupt_index_of_the_source_hides_is_found()
    {
        await using var databases = await TwoDatabases.CreateAsync(
            "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 20000)");
        await databases.Target.ExecuteAsync("DELETE FROM t WHERE id = 5"); // What a copy through the index would have missed.
        // The index gets the file of another one, of a table whose rows lie as this one's do, with another value in one of them.
        await databases.Source.ExecuteAsync(
            """
            CREATE TABLE twin AS SELECT CASE id WHEN 5 THEN 100005 ELSE id END AS id FROM t;
            CREATE UNIQUE INDEX twin_index ON twin (id);
            SET allow_system_table_mods = on;
            UPDATE pg_class SET relfilenode = (SELECT relfilenode FROM pg_class WHERE relname = 'twin_index') WHERE relname = 't_pkey';
            """);
        Assert.Equal(0, await databases.Source.QueryAsync<long>("SET enable_seqscan = off; SELECT count(*) FROM t WHERE id = 5"));

        var table = (await databases.VerifyAsync()).Tables.Single(table => table.Name == "t");

        Assert.Equal(["missing (id)=(5)"], Describe(table));
    }

    static IEnumerable<string> Describe(TableVerification table)
        => table.Differences.Select(row => $"{row.Kind.ToString().ToLowerInvariant()} {row.Key ?? $"{row.SourceRows}:{row.TargetRows}"}");

    static readonly Dictionary<string, Corruption> _all = new()
    {
        ["1: a missing row"] = new("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, g FROM generate_series(1, 100) g",
            "DELETE FROM t WHERE id = 7", "missing (id)=(7)"),
        ["2: an extra row"] = new("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, g FROM generate_series(1, 100) g",
            "INSERT INTO t VALUES (101, 'x')", "extra (id)=(101)"),
        ["3: one byte changed"] = new("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, repeat('a', 1000) FROM generate_series(1, 100) g",
            "UPDATE t SET v = overlay(v PLACING 'b' FROM 777) WHERE id = 7", "different (id)=(7)"),
        ["4: null for empty"] = new("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, NULL), (2, '')",
            "UPDATE t SET v = '' WHERE id = 1; UPDATE t SET v = NULL WHERE id = 2", "different (id)=(1)", "different (id)=(2)"),
        ["a null that moved to the next column"] = new("CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, NULL, 'x')",
            "UPDATE t SET a = 'x', b = NULL", "different (id)=(1)"),
        ["5: minus zero"] = new("CREATE TABLE t (id int PRIMARY KEY, v float8, w float4); INSERT INTO t VALUES (1, 0, 0), (2, '-0', '-0'), (3, 0, '-0')",
            "UPDATE t SET v = '-0' WHERE id = 1; UPDATE t SET w = 0 WHERE id = 3", "different (id)=(1)", "different (id)=(3)"),
        ["the last bit of a float"] = new("CREATE TABLE t (id int PRIMARY KEY, v float8); INSERT INTO t VALUES (1, 0.1)",
            "UPDATE t SET v = 0.1::float8 + 1.4e-17", "different (id)=(1)"),
        ["6: the scale of a numeric"] = new("CREATE TABLE t (id int PRIMARY KEY, v numeric); INSERT INTO t VALUES (1, 1.0)",
            "UPDATE t SET v = 1.00", "different (id)=(1)"),
        ["7: a trailing blank"] = new("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'x')",
            "UPDATE t SET v = 'x '", "different (id)=(1)"),
        ["a trailing blank of a bpchar"] = new("CREATE TABLE t (id int PRIMARY KEY, v bpchar); INSERT INTO t VALUES (1, 'x')",
            "UPDATE t SET v = 'x '", "different (id)=(1)"),
        ["8: another normal form"] = new(@"CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, U&'\00E9')",
            @"UPDATE t SET v = U&'e\0301'", "different (id)=(1)"),
        ["9: columns of one type swapped"] = new("CREATE TABLE t (id int PRIMARY KEY, a int, b int); INSERT INTO t VALUES (1, 1, 2), (2, 3, 3)",
            "UPDATE t SET a = b, b = a", "different (id)=(1)"),
        ["columns of one type renamed"] = new("CREATE TABLE t (id int PRIMARY KEY, a int, b int); INSERT INTO t VALUES (1, 1, 2), (2, 3, 3)",
            "ALTER TABLE t RENAME a TO c; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME c TO b", "different (id)=(1)"),
        ["values swapped between two rows"] = new("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1), (2, 2)",
            "UPDATE t SET v = 3 - v", "different (id)=(1)", "different (id)=(2)"),
        ["10: three equal rows for two"] = new("CREATE TABLE t (v text); INSERT INTO t VALUES ('x'), ('x'), ('y')",
            "INSERT INTO t VALUES ('x')", "extra 2:3"),
        ["17: a pair of equal rows gone"] = new("CREATE TABLE t (v text); INSERT INTO t VALUES ('x'), ('x'), ('y'), ('y')",
            "DELETE FROM t WHERE v = 'x'", "missing 2:0"),
        ["one pair of equal rows in place of another"] = new("CREATE TABLE t (v text); INSERT INTO t VALUES ('x'), ('x'), ('y'), ('y'), ('y'), ('y')",
            "UPDATE t SET v = 'x' WHERE ctid IN (SELECT ctid FROM t WHERE v = 'y' LIMIT 2); DELETE FROM t WHERE v = 'x' AND ctid < '(0,3)'",
            "missing 4:2"),
        ["11: a timestamp shifted by a time zone"] = new("CREATE TABLE t (id int PRIMARY KEY, v timestamptz); INSERT INTO t VALUES (1, '2026-01-01 00:00+00')",
            "UPDATE t SET v = '2026-01-01 00:00+01'", "different (id)=(1)"),
        ["12: a toasted value gone"] = new(
            "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, (SELECT string_agg(md5((g * i)::text), '') FROM generate_series(1, 3000) i) FROM generate_series(1, 3) g",
            "UPDATE t SET v = NULL WHERE id = 2", "different (id)=(2)"),
        ["13: white space of a json"] = new("CREATE TABLE t (id int PRIMARY KEY, v json); INSERT INTO t VALUES (1, '{\"a\":1}')",
            "UPDATE t SET v = '{\"a\": 1}'", "different (id)=(1)"),
        ["the scale of a number in a jsonb"] = new("CREATE TABLE t (id int PRIMARY KEY, v jsonb); INSERT INTO t VALUES (1, '{\"a\":1.0}')",
            "UPDATE t SET v = '{\"a\":1.00}'", "different (id)=(1)"),
        ["14: rows in the wrong partition"] = new(
            "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF t FOR VALUES IN (1); CREATE TABLE b PARTITION OF t FOR VALUES IN (2); INSERT INTO t VALUES (1), (2)",
            "ALTER TABLE a RENAME TO c; ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b",
            "missing (id)=(1)", "extra (id)=(2)", "extra (id)=(1)", "missing (id)=(2)"),
        ["15: the lower bound of an array"] = new("CREATE TABLE t (id int PRIMARY KEY, v int[]); INSERT INTO t VALUES (1, '{1,2}')",
            "UPDATE t SET v = '[0:1]={1,2}'", "different (id)=(1)"),
        ["16: twin tables of long names swapped"] = new(
            $"CREATE TABLE {Long}a (id int PRIMARY KEY); CREATE TABLE {Long}b (id int PRIMARY KEY); INSERT INTO {Long}a VALUES (1)",
            $"ALTER TABLE {Long}a RENAME TO c; ALTER TABLE {Long}b RENAME TO {Long}a; ALTER TABLE c RENAME TO {Long}b",
            "missing (id)=(1)", "extra (id)=(1)"),
        ["a month for thirty days"] = new("CREATE TABLE t (id int PRIMARY KEY, v interval); INSERT INTO t VALUES (1, '1 mon')",
            "UPDATE t SET v = '30 days'", "different (id)=(1)"),
        ["case of a citext key"] = new("CREATE EXTENSION citext; CREATE TABLE t (id citext PRIMARY KEY); INSERT INTO t VALUES ('abc')",
            "UPDATE t SET id = 'ABC'", "extra (id)=(ABC)", "missing (id)=(abc)"),
        ["a row composite for null"] = new("CREATE TYPE pair AS (a int, b int); CREATE TABLE t (id int PRIMARY KEY, v pair); INSERT INTO t VALUES (1, NULL)",
            "UPDATE t SET v = ROW(NULL, NULL)", "different (id)=(1)"),
        ["a quote that moves the end of a value"] = new(
            "CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'x,', 'y'), (2, 'x\",\"y', '')",
            "UPDATE t SET a = 'x', b = ',y' WHERE id = 1; UPDATE t SET a = 'x', b = 'y\",\"' WHERE id = 2", "different (id)=(1)", "different (id)=(2)"),
        ["another stored generated value"] = new("CREATE TABLE t (id int PRIMARY KEY, v int GENERATED ALWAYS AS (id + 1) STORED); INSERT INTO t VALUES (1)",
            "ALTER TABLE t DROP COLUMN v; ALTER TABLE t ADD v int GENERATED ALWAYS AS (id + 2) STORED", "different (id)=(1)"),
        ["one row less of no columns"] = new("CREATE TABLE t (); INSERT INTO t DEFAULT VALUES; INSERT INTO t DEFAULT VALUES",
            "DELETE FROM t WHERE ctid = '(0,1)'", "missing 2:1"),
        ["a row doubled where the key is gone"] = new("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'x')",
            "ALTER TABLE t DROP CONSTRAINT t_pkey; INSERT INTO t SELECT * FROM t", "extra (id)=(1)"),
        ["rows of a child of INHERITS in the parent"] = new(
            "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE c () INHERITS (t); INSERT INTO c VALUES (1)",
            "DELETE FROM c; INSERT INTO t VALUES (1)", "missing 1:0", "extra (id)=(1)"),
        ["a value found by a replica identity"] = new(
            "CREATE TABLE t (a int NOT NULL, b int NOT NULL, v text); CREATE UNIQUE INDEX i ON t (b, a); ALTER TABLE t REPLICA IDENTITY USING INDEX i; INSERT INTO t VALUES (1, 2, 'x')",
            "UPDATE t SET v = 'y'", "different (b,a)=(2,1)"),
    };

    const string Long = "a_name_as_long_as_a_name_can_be_so_that_its_end_may_be_cut_off";

    sealed record Corruption(string Both, string Target, params string[] Found);
}
