using Npgsql;
using PgBaton.Catalog;
using PgBaton.Copy;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Tables;

/// <summary>
/// Takes tables that were made on the new writer into the stream back to the source, while the stream stands. Their writers wait while their rows are
/// copied: in one transaction of the target the table is locked, published, copied and listed, so that every row is in the copy or in the stream, never
/// in both, and a run that was cut off has changed nothing there.
/// </summary>
static class JoinBack
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    /// <exception cref="MigrationException">PB0320: it is not on the source as it is here. PB0508, PB0705; PB0408: the source refused the rows.</exception>
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        var (direction, scope) = (migration.Direction, new Scope(migration.Options));
        await using var target = await direction.Publisher.OpenAsync("tables", ct);
        var listed = await ListedAsync(target, ct);
        var joining = (await Table.ListAsync(target, ct)).FindAll(table => table is { HoldsRows: true, IsLogged: true }
            && scope.Includes(table) && migration.Options.AddedTables.Contains(table.QualifiedName) && !listed.Contains(table.QualifiedName));
        await ReplicaIdentity.MakeFullAsync(migration, direction.Publisher.Side, target, joining, ct);
        await Schema.Hold.SubscriberAsync(migration, ct); // Of what was made on the source by now, too.
        await using var source = await TargetSession.OpenAsync(CopyRoute.Of(migration), ct);
        foreach (var table in joining)
            await PublishedTables.ChangeAsync(migration, direction, target, () => JoinAsync(migration, target, source.Connection, table, ct), ct);
    }

    /// <summary>Only what no stream carries yet can be left out: of the others, rows have come and gone both ways.</summary>
    /// <exception cref="MigrationException">PB0209.</exception>
    public static async Task MustBeNewAsync(NpgsqlConnection target, IEnumerable<Table> tables, CancellationToken ct)
    {
        var listed = await ListedAsync(target, ct);
        if (tables.FirstOrDefault(table => listed.Contains(table.QualifiedName)) is { } carried)
            throw Errors.WordRefused("tables", $"changes of {carried} are carried back; only a table that was made since the cutover can be left out");
    }

    static async Task<HashSet<string>> ListedAsync(NpgsqlConnection target, CancellationToken ct)
        => [.. await target.QueryAsync("SELECT schema, name FROM pgbaton.relation", row => Sql.Identifier(row.GetString(0), row.GetString(1)), ct)];

    // The same columns by name and type. That it holds rows is no matter: they are of an attempt before, and nobody else can write there.
    static async Task<Table> FindAsync(NpgsqlConnection source, Table table, List<Column> columns, CancellationToken ct)
    {
        var there = (await Table.ListAsync(source, ct)).Find(other => other.HoldsRows && other.QualifiedName == table.QualifiedName)
            ?? throw Errors.NotThereToJoin(table.QualifiedName, "it is not on the source");
        var known = (await Column.ListAsync(source, [there.Oid], ct))[there.Oid].ToDictionary(column => column.Name, column => column.Type);
        var other = columns.Find(column => known.GetValueOrDefault(column.Name) != column.Type);
        return other is null && known.Count == columns.Count ? there
            : throw Errors.NotThereToJoin(table.QualifiedName, $"it has other columns on the source{(other is null ? "" : $": {other.QuotedName} {other.Type} is not among them")}");
    }

    static async Task JoinAsync(Migration migration, NpgsqlConnection target, NpgsqlConnection source, Table table, CancellationToken ct)
    {
        await using var transaction = await LockAsync(migration, target, table, ct);
        List<Column> columns = [.. (await Column.ListAsync(target, [table.Oid], ct))[table.Oid]];
        var there = await FindAsync(source, table, columns, ct);
        migration.Report(new Notice($"{table}: who writes it waits until its rows are copied"));
        await target.ExecuteAsync($"ALTER PUBLICATION {Sql.Identifier(migration.Direction.SlotName)} ADD TABLE ONLY {table}", ct);
        var copied = await CopyAsync(migration, target, source, table, columns, ct);
        await target.ExecuteAsync(
            """
            INSERT INTO pgbaton.relation (oid, schema, name, bytes_total, copied, copied_at, rows, bytes, seconds)
            VALUES ($1, $2, $3, $4, true, '0/0', $5, $6, 0)
            """, ct, there.Oid, table.Schema, table.Name, table.Bytes, copied.Rows, copied.Bytes);
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        migration.Report(new Notice($"joined the stream back: {table}, with {copied.Rows} rows"));
    }

    // Whoever waits for a lock makes all wait that come later: so never for long.
    static async Task<NpgsqlTransaction> LockAsync(Migration migration, NpgsqlConnection target, Table table, CancellationToken ct)
    {
        var started = migration.Time.GetTimestamp();
        while (true)
        {
            var transaction = await target.BeginTransactionAsync(ct);
            try
            {
                await target.ExecuteAsync($"SET LOCAL lock_timeout = {_interval.TotalMilliseconds:0}; LOCK TABLE ONLY {table} IN SHARE ROW EXCLUSIVE MODE", ct);
                return transaction;
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await transaction.DisposeAsync();
                if (migration.Time.GetElapsedTime(started) > _patience)
                    throw Errors.TableLocked(table.QualifiedName, 1, await TableByTable.HoldersAsync(target, table.QualifiedName, ct));
                await Task.Delay(_interval, migration.Time, ct);
            }
        }
    }

    static async Task<CopyResult> CopyAsync(
        Migration migration, NpgsqlConnection target, NpgsqlConnection source, Table table, List<Column> columns, CancellationToken ct)
    {
        await using var transaction = await source.BeginTransactionAsync(ct);
        await source.ExecuteAsync($"SET LOCAL synchronous_commit = on; {GateTriggers.Arm(table.QualifiedName)}; DELETE FROM ONLY {table}", ct);
        var copied = await TextCopy.RunAsync(target, source, table, columns, ct);
        await JournalEpoch.CheckAsync(source, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        return copied;
    }
}
