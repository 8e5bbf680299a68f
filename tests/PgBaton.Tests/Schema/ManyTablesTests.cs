using System.Diagnostics;
using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

/// <summary>At scale. (Thousands of foreign keys to one and the same table are slow in PostgreSQL itself: each rereads that table's triggers.)</summary>
public sealed class ManyTablesTests(ITestOutputHelper output)
{
    /// <summary>Takes a minute; run it by name when this part is changed.</summary>
    [Fact(Explicit = true)]
    public async Task ten_thousand_tables_take_at_most_ten_milliseconds_each()
    {
        const string schema =
            """
            CREATE TABLE t0 (id int PRIMARY KEY);
            SELECT format('CREATE TABLE t%s (id int PRIMARY KEY, p int REFERENCES t%s, v text DEFAULT ''x''); CREATE INDEX ON t%s (v)', i, i / 10, i) FROM generate_series(1, 10000) i
            \gexec
            """;
        var clock = Stopwatch.StartNew();
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, schema);
        output.WriteLine($"source and checks {clock.Elapsed}");
        clock.Restart();
        await PreData.RunAsync(run.Migration, default);
        output.WriteLine($"pre-data {clock.Elapsed}");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 100);
        clock.Restart();
        await PostData.RunAsync(run.Migration, default);
        output.WriteLine($"post-data {clock.Elapsed}");
        clock.Restart();
        await PreData.UndoAsync(run.Migration, default);
        output.WriteLine($"undo {clock.Elapsed}");
    }
}
