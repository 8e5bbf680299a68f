using System.Collections.Concurrent;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>
/// Looks at many tables on both sides, several at a time, the largest first. A table that was rewritten after the snapshots were taken is
/// looked at again under younger ones.
/// </summary>
sealed class TableRounds(Server source, Server target, int jobs, long? maxRate = null)
{
    public const int Limit = 5;

    readonly Brake _onSource = new(maxRate, TimeProvider.System), _onTarget = new(maxRate, TimeProvider.System);

    /// <summary>Told before each round how many bytes the source has of the tables that are looked at in it.</summary>
    public Action<long> Expect { get; init; } = _ => { };

    /// <summary>Returns what was left out.</summary>
    /// <exception cref="MigrationException">PB0603.</exception>
    public async Task<IReadOnlyList<TableNotCompared>> RunAsync(
        VerifiedScope scope, Func<CancellationToken, Task<SnapshotPair>> take, Func<TablePair, CancellationToken, Task> look, CancellationToken ct)
    {
        Selection? selection = null;
        for (var round = 1; round <= Limit; round++)
        {
            await using var pair = await take(ct);
            await using var ours = new SnapshotReader(source, pair.Source, jobs, _onSource);
            await using var theirs = new SnapshotReader(target, pair.Target, jobs, _onTarget);
            var shapes = await ours.ReadAsync(reader => TableShape.ListAsync(reader, ct), ct);
            var others = await theirs.ReadAsync(reader => TableShape.ListAsync(reader, ct), ct);

            selection ??= scope.Select(shapes.Values.Select(shape => shape.Table));
            var tables = selection.Tables.Select(
                name => new TablePair(name, shapes.GetValueOrDefault(name), others.GetValueOrDefault(name), ours, theirs, pair.Lsn)).ToList();
            Expect(tables.Sum(table => table.Left?.Table.Bytes ?? 0));
            selection = selection with { Tables = await LookAsync(tables, look, ct) };
            if (selection.Tables.Count == 0)
                return selection.NotCompared;
        }

        throw Errors.TableKeepsChanging([.. selection!.Tables.Select(table => table.ToString())], Limit);
    }

    // Returns those that have to be looked at again.
    async Task<IReadOnlyList<TableName>> LookAsync(IEnumerable<TablePair> tables, Func<TablePair, CancellationToken, Task> look, CancellationToken ct)
    {
        var changed = new ConcurrentBag<TableName>();
        await Parallel.ForEachAsync(
            tables.OrderByDescending(table => table.Left?.Table.Bytes),
            new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = ct },
            async (table, token) =>
            {
                try
                {
                    await look(table, token);
                }
                catch (TableChangedException)
                {
                    changed.Add(table.Name);
                }
            });
        return [.. changed];
    }
}

/// <summary>One table of both sides, under one pair of snapshots.</summary>
/// <param name="Name">The same on both sides.</param>
/// <param name="Left">On the source; null if it is not there.</param>
/// <param name="Right">On the target; null if it is not there.</param>
/// <param name="Source">Reads it there.</param>
/// <param name="Target">Reads it there.</param>
/// <param name="Lsn">Of the snapshots; null for databases that no relay connects.</param>
sealed record TablePair(TableName Name, TableShape? Left, TableShape? Right, SnapshotReader Source, SnapshotReader Target, Lsn? Lsn)
{
    /// <summary>Ordinary tables on both sides, so that a ctid finds a row.</summary>
    public bool HoldsRows => Left is { Table.HoldsRows: true } && Right is { Table.HoldsRows: true };

    public async Task<(long Source, long Target)> CountAsync(CancellationToken ct)
        => (await CountAsync(Source, Left, ct), await CountAsync(Target, Right, ct));

    static Task<long> CountAsync(SnapshotReader side, TableShape? shape, CancellationToken ct)
    {
        if (shape is null)
            return Task.FromResult(0L);
        var whole = Piece.Whole(shape);
        return side.ReadAsync(shape, whole, reader => reader.QueryValueAsync<long>($"SELECT pg_catalog.count(*) FROM {whole.Relation}", ct), ct);
    }
}

/// <summary>Of a table, the same on both sides.</summary>
readonly record struct TableName(string Schema, string Name)
{
    public override string ToString() => Sql.Identifier(Schema, Name);
}
