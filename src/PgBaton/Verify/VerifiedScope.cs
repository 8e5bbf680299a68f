using PgBaton.Catalog;

namespace PgBaton.Verify;

/// <summary>Which tables are compared.</summary>
/// <param name="Filter">What the migration began with.</param>
/// <param name="Known">The tables of the journal; null where there is none: then whatever the source has.</param>
/// <param name="Wanted">Those of them that are compared now.</param>
sealed record VerifiedScope(Scope Filter, IReadOnlySet<TableName>? Known, IReadOnlyList<TableName>? Wanted)
{
    /// <summary>Changes come through the stream, so that nobody promises anything about an unlogged table.</summary>
    public bool IsFollowed { get; init; } = true;

    public static VerifiedScope Everything { get; } = new(new Scope(new MigrationOptions { Target = "" }), null, null);

    /// <exception cref="MigrationException">PB0604.</exception>
    public static async Task<VerifiedScope> ReadAsync(Migration migration, VerifyOptions options, CancellationToken ct)
    {
        var relations = await VerificationJournal.RelationsAsync(migration.Journal, ct);
        var now = options.OnlyUnverified ? await NowAsync(migration, ct) : null;
        var isFollowed = Lane.Of(migration.Options).Follows;
        var touched = options.OnlyUnverified && isFollowed ? (await migration.RelayAsync(ct)).Touched.WithoutKeys() : new HashSet<string>();
        var wanted = relations.Where(relation => now is null || !relation.IsVerified(now) || touched.Contains(relation.Name.ToString()))
            .Where(relation => options.Tables?.Contains(relation.Name) != false).ToList();
        if (wanted.Find(relation => !relation.IsCopied) is { } unfinished)
            throw Errors.NotCopied(unfinished.Name.ToString());
        return new VerifiedScope(
            new Scope(migration.Options), relations.Select(relation => relation.Name).ToHashSet(), [.. wanted.Select(relation => relation.Name)])
        { IsFollowed = isFollowed };
    }

    /// <summary>Without tables that are done.</summary>
    public VerifiedScope Without(IEnumerable<TableName> done) => this with { Wanted = [.. (Wanted ?? []).Except(done)] };

    static async Task<TablesNow> NowAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("verify", ct);
        await using var target = await migration.Target.OpenAsync("verify", ct);
        return await TablesNow.ReadAsync(source, target, ct);
    }

    /// <param name="tables">What the source has under the snapshot.</param>
    public Selection Select(IEnumerable<Table> tables)
    {
        var candidates = tables.Where(Filter.Includes).ToDictionary(table => new TableName(table.Schema, table.Name));
        var leftOut = candidates.Values.Where(table => table.HoldsRows && WhyNot(table) is not null);
        // A table of the journal that the source no longer has is compared: that is a difference.
        var compared = (Wanted ?? [.. candidates.Keys]).Where(
            name => !candidates.TryGetValue(name, out var table) || table.HoldsRows && WhyNot(table) is null);
        return new Selection([.. compared], [.. leftOut.Select(table => new TableNotCompared(table.QualifiedName, WhyNot(table)!))]);
    }

    string? WhyNot(Table table)
        => IsFollowed && !table.IsLogged ? "it is unlogged, its changes are not replicated"
            : Known?.Contains(new TableName(table.Schema, table.Name)) == false ? "it is not part of the migration, which began before it was made"
            : null;
}

/// <summary>The tables of one run.</summary>
sealed record Selection(IReadOnlyList<TableName> Tables, IReadOnlyList<TableNotCompared> NotCompared);
