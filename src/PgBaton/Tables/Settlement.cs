using PgBaton.Schema;

namespace PgBaton.Tables;

/// <summary>Carries out the words <c>drift</c> and <c>tables</c>, with the stream at rest: what is moved, and how it looks where it goes.</summary>
static class Settlement
{
    /// <exception cref="MigrationException">PB0209, PB0314, PB0315, PB0320, PB0508 to PB0510, and what copying tables can fail with.</exception>
    public static Task RunAsync(Migration migration, Word word, CancellationToken ct)
        => migration.Direction.IsBack ? BackAsync(migration, word.Arguments, ct) : ThereAsync(migration, word, ct);

    static async Task ThereAsync(Migration migration, Word word, CancellationToken ct)
    {
        var arguments = word.Arguments;
        if (word.Name == "tables")
        {
            migration.Rescope(await ChangeScope.RunAsync(migration, arguments, ct));
            arguments = arguments with { Apply = true };
        }

        if (arguments.Apply)
            await JoinTables.NominateAsync(migration, ct);
        await SettleAsync(migration, arguments, ct);
        if (!arguments.Apply && !arguments.Accept)
            return;
        await migration.Journal.SetFactAsync(Fact.LastError, null, ct); // It was that difference.
        // What was settled by hand, or is no command of ours, may not be level after all.
        if (arguments.Apply && (await SchemaComparison.LeftAsync(migration, ct)).Count > 0)
            await SettleAsync(migration, arguments, ct);
        if ((await SchemaComparison.LeftAsync(migration, ct)).Count > 0 && await SchemaDrift.FindAsync(migration, ct) is { Count: > 0 } left)
            throw Errors.SchemaDrifted(left, inner: null);
    }

    static async Task SettleAsync(Migration migration, WordArguments arguments, CancellationToken ct)
    {
        await SettleDrift.RunAsync(migration, arguments, ct);
        if (!arguments.Apply && !arguments.Accept)
            return;
        await JoinTables.CompleteAsync(migration, ct);
        await SchemaComparison.RunAsync(migration, ct);
    }

    // After a cutover. What is left out stays on the target, whoever goes back.
    static async Task BackAsync(Migration migration, WordArguments arguments, CancellationToken ct)
    {
        migration.Rescope(await ChangeScope.RunAsync(migration, arguments, ct));
        await JoinBack.RunAsync(migration, ct);
    }
}
