using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

/// <summary>The definitions of both sides, compared by the product itself.</summary>
public sealed class SchemaComparisonTests
{
    [Fact]
    public async Task what_was_made_is_equal_once_nothing_is_held_back()
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema);
        await run.RunAllAsync();
        var early = Assert.Single(run.Events<SchemaCompared>());
        Assert.Equal("", string.Join("; ", run.Events<Warning>().Select(warning => warning.Message)));
        Assert.True(early.Waiting > 0, "the rich schema has triggers that are held");

        await SchemaComparison.RunAsync(run.Migration, default);

        var late = run.Events<SchemaCompared>().Last();
        Assert.Equal((early.Objects, 0, 0), (late.Objects, late.Waiting, late.Different));
    }

    [Fact]
    public async Task what_ddl_did_on_the_new_writer_is_told_before_a_rollback()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent, v text);
            CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW seen AS SELECT id FROM child;
            """);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        var warnings = new List<string>();
        migration.Happened += happened =>
        {
            if (happened is Warning { Code: "PB0316" } warning)
                warnings.Add(warning.Message);
        };
        await migration.RunAsync(Goal.InSync);
        await SayAsync("cutover");
        Assert.Empty(warnings);
        await target.ExecuteAsync(
            """
            ALTER TABLE child DROP CONSTRAINT child_parent_fkey; CREATE INDEX late ON child (v); ALTER TABLE child ADD CONSTRAINT short CHECK (length(v) < 9);
            CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE OR REPLACE VIEW seen AS SELECT id, v FROM child;
            """);
        await SayAsync("rollback");

        Assert.Equal(5, warnings.Count);
        foreach (var told in (string[])["FK CONSTRAINT public child child_parent_fkey is not on", "INDEX public late is on the target only", "TABLE public child is defined differently", "FUNCTION public one() is defined", "VIEW public seen is defined"])
            Assert.Contains(warnings, warning => warning.StartsWith(told, StringComparison.Ordinal));

        async Task SayAsync(string word) => Assert.Null((await migration.SayAsync(word, new WordArguments())).Error?.ToString());
    }

    [Fact]
    public async Task each_object_that_somebody_changed_on_the_target_is_named()
    {
        await using var run = await SchemaRun.StartAsync(
            TestServer.Source, TestServer.Target,
            """
            CREATE TABLE kept (id int PRIMARY KEY, a text DEFAULT 'x' CHECK (length(a) < 9));
            CREATE TABLE altered (id int PRIMARY KEY, a text);
            CREATE INDEX gone ON kept (a);
            CREATE VIEW seen AS SELECT kept.id, (kept.a || 'y') AS a FROM kept WHERE ((kept.id > 1) AND (kept.a <> ''));
            CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
            """);
        await run.RunAllAsync();
        await run.Target.ExecuteAsync(
            """
            DROP INDEX gone;
            ALTER TABLE altered ALTER COLUMN a SET DEFAULT 'z';
            CREATE OR REPLACE VIEW seen AS SELECT id, (a || 'y') AS a FROM kept WHERE id > 2 AND a <> '';
            CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 3 * n';
            """);

        await SchemaComparison.RunAsync(run.Migration, default);

        var status = await Migration.StatusAsync(run.Migration.Options);
        Assert.Equal(
            ["FUNCTION public twice(integer)", "INDEX public gone", "TABLE public altered", "VIEW public seen"],
            status.Definitions!.Differences.Select(difference => difference.Object).Order(StringComparer.Ordinal));
        Assert.Equal(4, run.Events<Warning>().Count(warning => warning.Code == "PB0316"));
        Assert.Null(Assert.Single(status.Definitions.Differences, difference => difference.Object == "INDEX public gone").Target);
    }

    [Fact]
    public async Task what_is_said_of_the_database_is_said_of_the_targets_whatever_its_name()
    {
        await using var run = await SchemaRun.StartAsync(
            TestServer.Source, TestServer.Target,
            """
            DO $$ BEGIN
                EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'said ON DATABASE ' || current_database() || ' IS');
                EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
            END $$
            """, options => options with { Privileges = true });
        await run.RunAllAsync();

        Assert.Equal(
            $"said ON DATABASE {run.Source.Name} IS",
            await run.Target.QueryAsync<string>("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"));
        Assert.False(await run.Target.QueryAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_database, aclexplode(datacl) WHERE datname = current_database() AND grantee = 0 AND privilege_type = 'TEMPORARY')"));
        Assert.Equal(0, Assert.Single(run.Events<SchemaCompared>()).Different);
    }

    [Theory]
    [InlineData("SELECT t.a FROM public.t WHERE ((t.a > 1) AND (t.b = 'x.(y)'::text))", "SELECT a FROM public.t WHERE ((a > (1)) AND (t.b = 'x.(y)'::text))", true)]
    [InlineData("SELECT t.a FROM s.t", "SELECT a FROM u.t", false)]
    [InlineData("SELECT t.a FROM (s.t JOIN s.u ON ((t.a = u.a))), s.v", "SELECT t.a FROM (s.t JOIN s.u ON ((t.a = u.a))), t.v", false)]
    [InlineData("SELECT EXTRACT(year FROM t.a), s.f(t.a), t.b::s.e FROM s.t", "SELECT EXTRACT(year FROM a), s.f(a), b::s.e FROM s.t", true)]
    [InlineData("SELECT s.f(t.a) FROM s.t", "SELECT u.f(t.a) FROM s.t", false)]
    [InlineData("SELECT 'a'::s.e", "SELECT 'a'::t.e", false)]
    [InlineData("CREATE TABLE s.t (\n    a s.e\n)", "CREATE TABLE s.t (\n    a u.e\n)", false)]
    [InlineData("ALTER SEQUENCE s.q OWNED BY s.t.c", "ALTER SEQUENCE s.q OWNED BY s.u.c", false)]
    [InlineData("CREATE TYPE r AS RANGE (\n    subtype = int\n)", "CREATE TYPE r AS RANGE (\n    subtype = int,\n    multirange_type_name = s.\"m,\"\n)", true)]
    [InlineData("CREATE TYPE r AS RANGE (\n    subtype = int,\n    multirange_type_name = s.m\n)", "CREATE TYPE r AS RANGE (\n    subtype = int,\n    multirange_type_name = s.n\n)", false)]
    [InlineData("CHECK (((a OR b) AND c))", "CHECK ((a OR (b AND c)))", false)]
    [InlineData("CREATE TRIGGER t BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.f()", "CREATE TRIGGER t BEFORE INSERT ON u.t FOR EACH ROW EXECUTE FUNCTION s.f()", false)]
    [InlineData("SELECT a FROM t WHERE a > 1.5", "SELECT a FROM t WHERE a > 2.5", false)]
    [InlineData("SELECT 'a b'", "SELECT 'a  b'", false)]
    [InlineData("""SELECT "A.b" FROM s."T(1)" """, """SELECT "T(1)"."A.b" FROM s."T(1)" """, true)]
    [InlineData("""SELECT "A" FROM t""", """SELECT a FROM t""", false)]
    [InlineData("""(id int NOT NULL)""", """(id int CONSTRAINT "a ""long"" name" NOT NULL)""", true)]
    [InlineData("AS $_$SELECT (1)$_$", "AS $_$SELECT 1$_$", false)]
    public void releases_may_differ_in_parentheses_and_qualifiers_only(string one, string other, bool equal)
    {
        Assert.Equal(equal, SchemaText.AreEqual(one, other, sameMajor: false));
        Assert.Equal(one == other, SchemaText.AreEqual(one, other, sameMajor: true));
    }
}
