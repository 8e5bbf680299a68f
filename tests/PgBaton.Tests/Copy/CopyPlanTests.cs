using PgBaton.Copy;
using PgBaton.Postgres;

namespace PgBaton.Tests.Copy;

public sealed class CopyPlanTests
{
    [Theory]
    [InlineData("int, text[], numeric, jsonb, tstzrange, timestamptz, uuid, inet, tsvector, name, \"char\", money", true)]
    [InlineData("mood, mood[], tag, tag[], pair, pair[], span", true)]
    [InlineData("hstore, hstore[]", true)]
    [InlineData("int, regclass", false)]
    [InlineData("regtype[]", false)]
    [InlineData("aclitem", false)]
    [InlineData("holder", false)] // a composite with a regproc in it
    public async Task binary_is_chosen_where_every_type_has_one_form_on_both_sides(string types, bool isBinary)
    {
        var columns = string.Join(", ", types.Split(", ").Select((type, index) => $"c{index} {type}"));
        await using var scene = await CopyScene.CreateAsync(
            $"""
            CREATE EXTENSION hstore; CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN tag AS text; CREATE TYPE pair AS (m mood, t tag[]);
            CREATE TYPE span AS RANGE (subtype = date); CREATE TYPE holder AS (r regproc);
            CREATE TABLE t ({columns});
            """);

        Assert.Equal(isBinary, Assert.Single(await PlanAsync(scene)).IsBinary);
    }

    [Fact]
    public async Task text_is_chosen_where_a_type_differs_between_the_sides()
    {
        await using var scene = await CopyScene.CreateAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (7);");
        await scene.Target.ExecuteAsync("ALTER TABLE t ALTER a TYPE bigint");

        Assert.False(Assert.Single(await PlanAsync(scene)).IsBinary);

        await scene.CopyAsync();
        Assert.Equal(7, await scene.Target.QueryAsync<long>("SELECT a FROM t"));
    }

    [Theory]
    [InlineData(100, 1000, 100, 1)]  // not larger
    [InlineData(101, 1000, 100, 2)]
    [InlineData(1000, 1000, 100, 10)]
    [InlineData(1000, 3, 100, 3)]    // no more parts than pages: the rest is TOAST
    [InlineData(1000, 1, 100, 1)]
    [InlineData(1000, 0, 100, 1)]    // not a heap, or no TID range scan
    [InlineData(long.MaxValue, uint.MaxValue, 1, 10_000)]
    public void ranges_of_pages_join_without_a_gap(long bytes, long pages, long partBytes, int expected)
    {
        var conditions = CtidRanges.Cut(bytes, pages, partBytes);

        Assert.Equal(expected, conditions.Count);
        if (expected == 1)
        {
            Assert.Null(conditions[0]);
            return;
        }

        Assert.StartsWith("ctid >= '(0,0)'", conditions[0], StringComparison.Ordinal);
        Assert.DoesNotContain("<", conditions[^1], StringComparison.Ordinal);
        Assert.All(conditions.Zip(conditions.Skip(1)), pair => Assert.Equal(Bound(pair.First!, "< '"), Bound(pair.Second!, ">= '")));

        static string Bound(string condition, string after)
            => condition[(condition.IndexOf(after, StringComparison.Ordinal) + after.Length)..].Split('\'')[0];
    }

    internal static async Task<IReadOnlyList<TableCopy>> PlanAgainAsync(CopyScene scene)
    {
        await scene.Target.ExecuteAsync("UPDATE pgbaton.relation SET copied = false");
        return await PlanAsync(scene);
    }

    static async Task<IReadOnlyList<TableCopy>> PlanAsync(CopyScene scene)
    {
        await using var snapshot = await ExportedSnapshot.NowAsync(scene.Migration.Source, default);
        return await CopyPlan.MakeAsync(
            scene.Migration, snapshot, await scene.Migration.Journal.TakeTurnAsync(c => CopyJournal.UnfinishedAsync(c, default), default), default);
    }
}
