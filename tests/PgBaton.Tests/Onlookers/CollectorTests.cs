using System.Diagnostics;
using System.Diagnostics.Metrics;
using PgBaton.Onlookers;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Onlookers;

/// <summary>What a collector gets by OTLP.</summary>
public sealed class CollectorTests
{
    [Fact]
    public async Task a_collector_gets_spans_and_measurements_of_a_run()
    {
        await using var collector = new OtlpServer();
        await MigrateAsync(collector.Address, "http/protobuf");
        Holds(collector.Traces, collector.Metrics);
    }

    [Fact]
    public async Task a_collector_gets_them_by_gRPC_too()
    {
        await using var collector = await GrpcCollector.StartAsync();
        await MigrateAsync(collector.Address, "grpc", new() { ["OTEL_BSP_SCHEDULE_DELAY"] = "200", ["OTEL_METRIC_EXPORT_INTERVAL"] = "500" }); // Not only at the end, which waits for two seconds.
        Holds(collector.Of("trace.v1.TraceService"), collector.Of("metrics.v1.MetricsService"));
    }

    static async Task MigrateAsync(Uri collector, string protocol, Dictionary<string, string>? more = null)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE observed (id int PRIMARY KEY); INSERT INTO observed SELECT generate_series(1, 7)");
        var (exitCode, run) = await CommandProcess.RunWithAsync(
            new(more ?? [])
            {
                ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri,
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"{collector}", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
                ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=rehearsal",
            },
            "migrate", "--until", "in-sync");
        Assert.True(exitCode == 0, run.Error);
    }

    static void Holds(string traces, string metrics)
    {
        Assert.All(["pgbaton run", "step copy", "step post-data", "build index", "table copied", "observed", "rehearsal", "service.name"], name => Assert.Contains(name, traces, StringComparison.Ordinal));
        Assert.All(["pgbaton.copy.rows", "pgbaton.step.duration", "pgbaton.lag.size", "pgbaton.source", "rehearsal"], name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.DoesNotContain(new Uri(TestServer.Source.UriOf("postgres")).UserInfo.Split(':')[1], traces + metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_collector_that_is_away_delays_the_end_by_little_and_changes_nothing()
    {
        Uri gone;
        await using (var collector = new OtlpServer())
            gone = collector.Address;
        var clock = Stopwatch.StartNew();
        var (exitCode, run) = await CommandProcess.RunWithAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"{gone}" }, "explain", "PB0047");
        Assert.Equal((0, ""), (exitCode, run.Error));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void counts_go_on_when_the_relay_begins_anew()
    {
        var sums = new Dictionary<string, long>();
        using var listener = ListenTo("counts", (name, value) => sums[name] = sums.GetValueOrDefault(name) + value);
        var instruments = new Instruments(new TagList { { "pgbaton.source", "counts" } });
        instruments.See(new LagMeasured(100, 1, "0/1", Transactions: 10, Changes: 100, Batches: 2));
        instruments.See(new LagMeasured(50, 1, "0/2", Transactions: 15, Changes: 120, Batches: 3));
        instruments.See(new LagMeasured(70, 1, "0/3", Transactions: 4, Changes: 9, Batches: 1));

        Assert.Equal((19, 129, 4), (sums["pgbaton.relay.transactions"], sums["pgbaton.relay.changes"], sums["pgbaton.relay.batches"]));
    }

    [Fact]
    public void what_has_no_limit_has_no_safe_bytes()
    {
        var seen = new Dictionary<string, long>();
        using var listener = ListenTo("slot", (name, value) => seen[name] = value);
        var instruments = new Instruments(new TagList { { "pgbaton.source", "slot" } });
        instruments.See(new SlotMeasured("pgbaton_shop", 1000, SafeBytes: null));
        Assert.Equal([new("pgbaton.slot.retained", 1000)], seen);
        instruments.See(new SlotMeasured("pgbaton_shop", 2000, 3000));
        Assert.Equal((2000, 3000), (seen["pgbaton.slot.retained"], seen["pgbaton.slot.safe"]));
    }

    // Other tests measure too: only what is tagged with this source.
    static MeterListener ListenTo(string source, Action<string, long> see)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "PgBaton")
                listener.EnableMeasurementEvents(instrument);
        }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags[0].Value is string tagged && tagged == source)
                see(instrument.Name, value);
        });
        listener.Start();
        return listener;
    }
}
