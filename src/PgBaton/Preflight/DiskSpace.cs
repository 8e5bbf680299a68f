using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>What SQL can see of it: the source's size. The target's free space is its operator's to know, who may tell it (<c>--target-disk</c>).</summary>
sealed class DiskSpace() : Check("PB1084", "target", "How much disk does the target need?", "the target needs little disk")
{
    const long Little = 1L << 30;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
        => [Judge(servers.Options.TargetDisk, servers.Scope.IsEverything ? servers.Source.Facts.DatabaseBytes : await InScopeAsync(servers, ct), servers.Scope.IsEverything ? "the source's" : "what is moved of the source:")];

    static async Task<long> InScopeAsync(Servers servers, CancellationToken ct)
        => servers.Tables.Sum(table => table.Table.Bytes) + await servers.Source.Connection.QueryValueAsync<long>(
            "SELECT coalesce(sum(pg_catalog.pg_indexes_size(oid)), 0)::bigint FROM unnest($1::oid[]) oid", ct, servers.Tables.Select(table => table.Table.Oid).ToArray());

    Finding Judge(long? free, long size, string whose)
    {
        var needed = size * 3 / 2;
        const string detail = "Free space cannot be read by SQL. The half more is for sorting while indexes are built, and for WAL.";
        var message = $"the target needs about {ByteCount.Of(needed)} of free disk, one and a half times {whose} {ByteCount.Of(size)}";
        return free is { } told ? Compare(told, size, needed)
            : size < Little ? Fine(message, detail) : Notice(
                message, detail, "Say how much there is (--target-disk), or compare yourself; storage that grows by itself may grow too slowly for a copy.");
    }

    Finding Compare(long free, long size, long needed)
    {
        const string fix = "Make the target's disk larger before you begin, or move less: -T, -N.";
        if (free < size)
            return Blocker($"the target has {ByteCount.Of(free)} of disk, the source's rows and indexes take {ByteCount.Of(size)}", "It would run full during the copy.", fix);
        return free < needed
            ? Warning(
                $"the target has {ByteCount.Of(free)} of disk, {ByteCount.Of(needed)} are advisable", "One and a half times the source: for sorting while indexes are built, and for WAL.", fix)
            : Fine($"the target has {ByteCount.Of(free)} of disk, about {ByteCount.Of(needed)} are needed");
    }
}
