using PgBaton.Schema;

namespace PgBaton.Tables;

/// <summary>
/// While the target is still being made, it follows the source's DDL by itself: nobody uses it, and nobody has looked at it. Later it is the operator who
/// says so (<c>drift --apply</c>).
/// </summary>
static class LevelSchema
{
    const int MostRounds = 8;

    /// <summary>Copies. Where DDL since the schema was described is in the way, the target is brought level, and the copy goes on.</summary>
    public static async Task CopyAsync(Migration migration, Func<CancellationToken, Task> copyAsync, CancellationToken ct)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                await copyAsync(ct);
                return;
            }
            catch (MigrationException failure) when (failure.Code is "PB0404" or "PB0405" && round < MostRounds)
            {
                if (!await TryAsync(migration, ct))
                    throw;
            }
        }
    }

    // False where the operator made the tables, nothing can be done, or only a person can say what.
    static async Task<bool> TryAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Options.ExistingSchema || (await SchemaDrift.FindAsync(migration, ct)).Any(change => change.NeedsPerson))
            return false;
        try
        {
            await JoinTables.NominateAsync(migration, ct);
            await SettleDrift.RunAsync(migration, new WordArguments { Apply = true }, ct);
        }
        catch (MigrationException refusal) when (refusal.Code is "PB0508" or "PB0509" or "PB0510")
        {
            return false;
        }

        await using var source = await migration.Source.OpenAsync("tables", ct);
        await JoinTables.PublishAsync(migration, source, ct);
        return true;
    }
}
