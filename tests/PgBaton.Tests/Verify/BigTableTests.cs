using System.Diagnostics;
using System.Globalization;
using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

[Trait("Length", "Long")]
public sealed class BigTableTests(ITestOutputHelper output)
{
    [Fact]
    public async Task a_million_rows_are_compared_in_seconds_and_one_that_differs_is_named()
    {
        await using var databases = await TwoDatabases.CreateAsync(
            """
            CREATE TABLE t (id bigint, a int, b text, c numeric(12,2), d timestamptz, e uuid);
            INSERT INTO t SELECT g, g % 1000, 'customer ' || g, g / 100.0, timestamptz '2020-01-01 00:00+00' + g * interval '1 min', md5(g::text)::uuid
              FROM generate_series(1, 1000000) g;
            ALTER TABLE t ADD PRIMARY KEY (id); ANALYZE t;
            """);
        await databases.Target.ExecuteAsync("UPDATE t SET a = -1 WHERE id = 777777");

        foreach (var sha256 in new[] { false, true })
        {
            var started = Stopwatch.GetTimestamp();
            var table = (await databases.VerifyAsync(new VerifyOptions { Jobs = 1, Sha256 = sha256 })).Tables[0];
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sha256: {sha256}, {seconds:0.0} s, {table.Bytes >> 20} MB, {table.Rows / seconds:0} rows/s a side"));

            Assert.Equal("(id)=(777777)", Assert.Single(table.Differences).Key);
            Assert.Equal(1, table.DifferenceCount);
        }

        await databases.Target.ExecuteAsync("TRUNCATE t");
        var missing = (await databases.VerifyAsync()).Tables[0];
        Assert.Equal((1_000_000, 0, null, 20), (missing.Rows, missing.TargetRows, missing.DifferenceCount, missing.Differences.Count));
    }
}
