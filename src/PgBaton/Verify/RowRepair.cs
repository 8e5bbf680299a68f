using Npgsql;
using NpgsqlTypes;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Verify;

/// <summary>Mends one table of the subscriber in one transaction: what is too much is deleted where it lies, what lacks is inserted as the publisher has it.</summary>
static class RowRepair
{
    const int RowsAtATime = 500;

    /// <summary>Nothing but this may write the table meanwhile: the gate is closed and the relay stands.</summary>
    /// <exception cref="MigrationException">PB0608.</exception>
    public static async Task RunAsync(Migration migration, TablePair pair, TableDigest table, RowDifferences found, CancellationToken ct)
    {
        var direction = migration.Direction;
        var (remove, write) = Sort(found, direction.IsBack);
        await using var session = await TargetWriter.OpenSessionAsync(direction.Subscriber, "repair", ct);
        try
        {
            await session.ExecuteAsync("BEGIN; SET CONSTRAINTS ALL DEFERRED", ct);
            await DeleteAsync(session, pair, remove, ct);
            var from = direction.IsBack ? (Reader: pair.Target, Shape: pair.Right!) : (Reader: pair.Source, Shape: pair.Left!);
            var insert = new InsertedRow(pair, table, subscriber: direction.IsBack ? pair.Left! : pair.Right!);
            await foreach (var rows in RowValues.ReadAsync(from.Reader, from.Shape, table, write.Keys, ct))
                await InsertAsync(session, rows.SelectMany(row => Enumerable.Repeat(row.Value, (int)write[row.Key])).Select(insert.Command), ct);
            await JournalEpoch.CheckAsync(session, migration.Journal.Epoch, ct);
            await session.ExecuteAsync("COMMIT", ct);
        }
        catch (PostgresException failure) when (!Transient.Is(failure))
        {
            throw Errors.RepairFailed(pair.Name.ToString(), failure.MessageText, failure);
        }

        migration.Report(new TableRepaired(pair.Name.ToString(), write.Values.Sum(), remove.Count));
    }

    // Where rows lie that the subscriber has too often; and, of each content that it has not often enough, where one lies on the publisher, and how many lack.
    static (List<string> Remove, Dictionary<string, long> Write) Sort(RowDifferences found, bool isBack)
    {
        var (remove, write) = (new List<string>(), new Dictionary<string, long>());
        foreach (var copies in found.Surplus())
        {
            var (right, wrong, places) = isBack ? (copies.Target, copies.Source, copies.SourceCtids) : (copies.Source, copies.Target, copies.TargetCtids);
            if (wrong > right)
                remove.AddRange(places.Take((int)(wrong - right)));
            else
                write.Add((isBack ? copies.TargetCtids : copies.SourceCtids)[0], right - wrong);
        }

        return (remove, write);
    }

    static async Task DeleteAsync(NpgsqlConnection session, TablePair pair, List<string> ctids, CancellationToken ct)
    {
        foreach (var some in ctids.Chunk(RowsAtATime))
        {
            var rows = await session.ExecuteAsync($"DELETE FROM ONLY {pair.Name} WHERE ctid = ANY ($1::tid[])", ct, (object)some);
            if (rows != some.Length)
                throw Errors.RepairFailed(pair.Name.ToString(), $"{some.Length - rows} rows are not where they were a moment ago: somebody else writes there");
        }
    }

    static async Task InsertAsync(NpgsqlConnection session, IEnumerable<NpgsqlBatchCommand> commands, CancellationToken ct)
    {
        foreach (var some in commands.Chunk(RowsAtATime))
        {
            await using var batch = new NpgsqlBatch(session);
            foreach (var command in some)
                batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    // Values come in the order of the source's columns; those that the subscriber computes are left to it.
    sealed class InsertedRow
    {
        readonly int[] _columns;
        readonly string _sql;

        public InsertedRow(TablePair pair, TableDigest table, TableShape subscriber)
        {
            var columns = pair.Left!.Columns;
            var stored = subscriber.Columns.Where(column => !column.IsGenerated).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
            _columns = [.. Enumerable.Range(0, columns.Count).Where(i => stored.Contains(columns[i].Name))];
            _sql = _columns.Length == 0
                ? $"INSERT INTO {pair.Name} DEFAULT VALUES"
                : $"INSERT INTO {pair.Name} ({string.Join(", ", _columns.Select(i => columns[i].QuotedName))}) OVERRIDING SYSTEM VALUE "
                  + $"VALUES ({string.Join(", ", _columns.Select((i, n) => table.Parameter(columns[i], n + 1)))})";
        }

        public NpgsqlBatchCommand Command(string?[] values)
        {
            var command = new NpgsqlBatchCommand(_sql);
            foreach (var i in _columns)
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = (object?)values[i] ?? DBNull.Value });
            return command;
        }
    }
}
