using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Tables without a replica identity: with <c>--replica-identity full</c> they get FULL for the time of the migration, otherwise they are
/// refused, because publishing them would make the application's UPDATE and DELETE fail.
/// </summary>
static class ReplicaIdentity
{
    const int Attempts = 30;
    const char Separator = '\u001e'; // ASCII's record separator.

    public static async Task MakeFullAsync(
        Migration migration, Side side, NpgsqlConnection publisher, IReadOnlyList<Table> tables, CancellationToken ct)
    {
        var without = tables.Where(table => !table.HasIdentity).ToList();
        await MustHoldNothingGeneratedAsync(side, publisher, tables, without, ct);
        if (without.Count == 0)
            return;
        if (!migration.Options.ReplicaIdentityFull)
            throw Errors.NoIdentity(side, without[0].QualifiedName);

        // First written down, then changed: whatever happens in between, it can be put back.
        var former = await FormerAsync(migration, side, ct);
        foreach (var table in without)
            former.TryAdd(table.QualifiedName, table.ReplicaIdentity);
        await RecordAsync(migration, side, former, ct);
        foreach (var table in without)
            await AlterAsync(publisher, table.QualifiedName, "FULL", ct);
    }

    static async Task MustHoldNothingGeneratedAsync(
        Side side, NpgsqlConnection publisher, IReadOnlyList<Table> tables, List<Table> without, CancellationToken ct)
    {
        if (publisher.PostgreSqlVersion.Major < 18)
            return;
        var found = await GeneratedIdentity.FindAsync(publisher, tables, without, ct);
        if (tables.FirstOrDefault(table => found.ContainsKey(table.Oid)) is { } table)
            throw Errors.GeneratedInIdentity(side, table.QualifiedName);
    }

    public static async Task PutBackAsync(Migration migration, Side side, NpgsqlConnection publisher, CancellationToken ct)
    {
        foreach (var (table, identity) in await FormerAsync(migration, side, ct))
        {
            var exists = await publisher.QueryValueAsync<bool>("SELECT pg_catalog.to_regclass($1) IS NOT NULL", ct, table);
            if (exists)
                await AlterAsync(publisher, table, identity == 'n' ? "NOTHING" : "DEFAULT", ct);
        }

        await migration.Journal.SetFactAsync(Fact.ChangedIdentities(side), null, ct);
    }

    /// <summary>Of tables that are no longer moved.</summary>
    public static async Task PutBackAsync(
        Migration migration, Side side, NpgsqlConnection publisher, IEnumerable<Table> tables, CancellationToken ct)
    {
        var former = await FormerAsync(migration, side, ct);
        foreach (var name in tables.Select(table => table.QualifiedName).Where(former.ContainsKey))
        {
            await AlterAsync(publisher, name, former[name] == 'n' ? "NOTHING" : "DEFAULT", ct);
            former.Remove(name);
            await RecordAsync(migration, side, former, ct);
        }
    }

    static Task RecordAsync(Migration migration, Side side, Dictionary<string, char> former, CancellationToken ct)
        => migration.Journal.SetFactAsync(
            Fact.ChangedIdentities(side), former.Count == 0 ? null : string.Join(Separator, former.Select(f => $"{f.Value} {f.Key}")), ct);

    /// <summary>By table, quoted: <c>relreplident</c> as it was before the migration, for tables that have FULL now.</summary>
    internal static async Task<Dictionary<string, char>> FormerAsync(Migration migration, Side side, CancellationToken ct)
    {
        var recorded = await migration.Journal.GetFactAsync(Fact.ChangedIdentities(side), ct);
        return (recorded ?? "").Split(Separator, StringSplitOptions.RemoveEmptyEntries).ToDictionary(entry => entry[2..], entry => entry[0]);
    }

    // Takes ACCESS EXCLUSIVE for a moment. Better to ask often and briefly than to have the application queue behind us.
    static async Task AlterAsync(NpgsqlConnection publisher, string table, string identity, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await publisher.ExecuteAsync($"SET lock_timeout = 300; ALTER TABLE {table} REPLICA IDENTITY {identity}; SET lock_timeout = 0", ct);
                return;
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
            }
        }
    }
}
