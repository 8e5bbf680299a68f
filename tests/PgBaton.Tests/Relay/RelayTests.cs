using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>The relay alone: both sides hold the same rows. That it repeats every change of every scenario, <see cref="Fidelity.CasesTests"/> show.</summary>
static class RelayTests
{
    internal static async Task<Migration> StartAsync(TestDatabase source, TestDatabase target, StreamWire wire = StreamWire.Own)
    {
        var migration = Migration.Open(new MigrationOptions
        {
            Source = source.Uri, Target = target.Uri, ReplicaIdentityFull = true, Wire = wire,
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
