using System.Diagnostics;
using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>The relay alone: both sides hold the same rows, then the source changes, and the target must follow exactly.</summary>
public sealed class RelayTests
{
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task repeats_every_change_of(string name)
    {
        var file = new CaseFile(name);
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        Assert.DoesNotContain("ERROR", await CaseFile.PsqlAsync(source, file["schema"] + file["seed"]), StringComparison.Ordinal);
        await CloneAsync(source, target);

        await using var migration = await StartAsync(source, target);
        var relay = await migration.RelayAsync(default);
        await CaseFile.PsqlAsync(source, file["cdc"]);
        await relay.PassMarkerAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        await CreateSlot.UndoAsync(migration, default);
    }

    /// <summary>Scenarios that the relay alone cannot carry: they need the schema step, another answer of check, or a newer server.</summary>
    static readonly Dictionary<string, string> _notOfTheRelayAlone = new()
    {
        ["03_interval_infinity"] = "the source must be 17 or newer",
        ["09_composite_domain_enum"] = "a constraint that is not valid must wait until the target opens",
        ["18_generated_identity"] = "identity ALWAYS must be BY DEFAULT until the target opens",
        ["26_triggers"] = "triggers ENABLE ALWAYS must wait until the target opens",
        ["38_logical_messages_empty_tx"] = "unlogged tables are not in the stream",
        ["39_large_objects"] = "check refuses large objects",
        ["45_ddl_midflight"] = "DDL stops the relay",
        ["47_new_table_midflight"] = "DDL stops the relay",
        ["55_temporal_keys"] = "the source must be 18 or newer",
        ["57_rewrites_midflight"] = "DDL stops the relay",
    };

    public static TheoryData<string> Cases => [.. CaseFile.Names.Except(_notOfTheRelayAlone.Keys)];

    static async Task CloneAsync(TestDatabase source, TestDatabase target)
    {
        var start = new ProcessStartInfo("pg_dump", ["--no-publications", "--no-subscriptions", source.Uri]) { RedirectStandardOutput = true };
        using var dump = Process.Start(start)!;
        var sql = await dump.StandardOutput.ReadToEndAsync();
        await CaseFile.PsqlAsync(target, sql);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    internal static async Task<Migration> StartAsync(TestDatabase source, TestDatabase target)
    {
        var migration = Migration.Open(new MigrationOptions
        {
            Source = source.Uri, Target = target.Uri, ReplicaIdentityFull = true,
            IgnoredFindings = ["PB1081"], // The target is not empty: the test has filled it.
        });
        await migration.ConnectAsync(default);
        await CreateSlot.RunAsync(migration, default);
        await using var connection = await migration.Source.OpenAsync("test", default);
        foreach (var table in (await Table.ListAsync(connection, default)).Where(table => table.HoldsRows))
        {
            await migration.Journal.TakeTurnAsync(c => c.ExecuteAsync(
                "INSERT INTO pgbaton.relation (oid, schema, name, bytes_total, copied_at, copied) VALUES ($1, $2, $3, 0, '0/0', true)", default,
                table.Oid, table.Schema, table.Name), default);
        }

        return migration;
    }
}
