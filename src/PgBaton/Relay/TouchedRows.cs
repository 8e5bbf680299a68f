using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Which rows the relay has written since they were last compared: by key, in memory, up to a bound. That a table was written at all is kept in the
/// subscriber's pgbaton.touched by the very transaction that writes it, so that no crash makes a table look verified that is not.
/// </summary>
sealed class TouchedRows
{
    /// <summary>A table with more is compared whole.</summary>
    public const int KeysOfTable = 50_000;

    const int KeysOfAll = 200_000;

    // Between the columns of a key: no text of PostgreSQL holds it.
    const char Separator = '\0';

    readonly Lock _turn = new();
    readonly Dictionary<string, TouchedTable> _now = [];
    readonly Dictionary<string, TouchedTable> _before = [];
    readonly List<TouchedTable> _unwritten = [];
    Lsn _since;
    int _count;

    TouchedRows(Lsn since) => _since = since;

    /// <summary>Something has been compared; before that, keys are of no use.</summary>
    public bool KeepsKeys { get; private set; }

    /// <summary>What an earlier process wrote is known by its table only.</summary>
    public static async Task<TouchedRows> LoadAsync(Migration migration, Lsn since, CancellationToken ct)
    {
        var touched = new TouchedRows(since)
        {
            KeepsKeys = await migration.Journal.TakeTurnAsync(c => c.QueryValueAsync<bool>("SELECT EXISTS (SELECT FROM pgbaton.verification)", ct), ct),
        };
        await using var subscriber = await migration.Direction.Subscriber.OpenAsync("relay", ct);
        foreach (var (schema, name) in await subscriber.QueryAsync(
            "SELECT schema, name FROM pgbaton.touched", row => (row.GetString(0), row.GetString(1)), ct))
        {
            var table = new TouchedTable(schema, name, []) { Keys = null };
            touched._before.Add(table.QualifiedName, table);
        }

        return touched;
    }

    /// <summary>A key as <see cref="Add"/> takes it; null if it is not whole: then its table is compared whole.</summary>
    public static string? KeyOf(IEnumerable<TupleValue> columns)
    {
        var values = columns.Select(column => column.Text()).ToList();
        return values.Count == 0 || values.Contains(null) ? null : string.Join(Separator, values);
    }

    /// <summary>The columns' values.</summary>
    public static string[] Split(string key) => key.Split(Separator);

    /// <summary>While keys are kept: not so many rows of this table have been written that they are no longer told apart.</summary>
    public bool KeepsKeysOf(TargetTable table)
    {
        lock (_turn)
            return !(_now.TryGetValue(table.QualifiedName, out var touched) && touched.Keys is null);
    }

    /// <summary>A row is about to be written; by whom, its table's commit will tell.</summary>
    /// <param name="table">Of the subscriber.</param>
    /// <param name="key">Null: nobody can say which row, or all of them are.</param>
    public void Add(TargetTable table, string? key)
    {
        lock (_turn)
        {
            if (!_now.TryGetValue(table.QualifiedName, out var touched))
            {
                touched = new TouchedTable(
                    table.Relation.Schema, table.Relation.Name, [.. table.KeyColumns.Select(i => table.Relation.Columns[i].Name)])
                { Keys = KeepsKeys ? [] : null };
                _now.Add(table.QualifiedName, touched);
                _unwritten.Add(touched);
            }

            if (key is null || touched.Columns.Count != table.KeyColumns.Count)
                Forget(touched);
            else if (touched.Keys?.Add(key) == true && (++_count > KeysOfAll || touched.Keys.Count > KeysOfTable))
                Forget(touched);
        }
    }

    /// <summary>In the transaction that writes the rows: the tables that it is the first to touch.</summary>
    public async Task WriteAsync(NpgsqlConnection subscriber, CancellationToken ct)
    {
        TouchedTable[] tables;
        Lsn since;
        lock (_turn)
        {
            (tables, since) = ([.. _unwritten], _since);
            _unwritten.Clear();
        }

        if (tables.Length > 0)
            await MarkAsync(subscriber, [.. tables.Select(table => (table.Schema, table.Name))], since, ct);
    }

    /// <summary>In the caller's transaction: they are written, by whomever, and were last compared at that point.</summary>
    public static Task MarkAsync(NpgsqlConnection subscriber, IReadOnlyCollection<(string Schema, string Name)> tables, Lsn since, CancellationToken ct)
        => subscriber.ExecuteAsync(
            """
            INSERT INTO pgbaton.touched (schema, name, since) SELECT t.schema, t.name, $3 FROM unnest($1::text[], $2::text[]) AS t (schema, name)
            ON CONFLICT (schema, name) DO UPDATE SET since = excluded.since
            """,
            ct, tables.Select(table => table.Schema).ToArray(), tables.Select(table => table.Name).ToArray(), since);

    /// <summary>Both sides are about to be compared at this point: what was written before it can be struck off when it has been, what comes later cannot.</summary>
    public void Cut(Lsn at)
    {
        lock (_turn)
        {
            foreach (var (name, table) in _now)
                _before[name] = _before.TryGetValue(name, out var older) ? Join(older, table) : table;
            _now.Clear();
            (_since, KeepsKeys) = (at, true);
        }
    }

    /// <summary>Tables with rows that were written before the newest point and not compared since.</summary>
    public IReadOnlyList<TouchedTable> List()
    {
        lock (_turn)
            return [.. _before.Values];
    }

    /// <summary>Qualified names of the tables of which it is not known any more which rows were written: they have to be compared whole.</summary>
    public IReadOnlySet<string> WithoutKeys()
    {
        lock (_turn)
            return _before.Concat(_now).Where(table => table.Value.Keys is null).Select(table => table.Key).ToHashSet();
    }

    /// <summary>They were found equal at the newest point, whole or as far as they had been written.</summary>
    public async Task StrikeOffAsync(NpgsqlConnection subscriber, IReadOnlyCollection<TouchedTable> tables, long epoch, CancellationToken ct)
    {
        if (tables.Count == 0)
            return;
        await using var transaction = await subscriber.BeginTransactionAsync(ct);
        await subscriber.ExecuteAsync(
            "DELETE FROM pgbaton.touched WHERE (schema, name) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND since < $3", ct,
            tables.Select(table => table.Schema).ToArray(), tables.Select(table => table.Name).ToArray(), _since);
        await JournalEpoch.CheckAsync(subscriber, epoch, ct);
        await transaction.CommitAsync(ct);
        lock (_turn)
        {
            foreach (var table in tables)
            {
                if (_before.Remove(table.QualifiedName, out var known))
                    _count -= known.Keys?.Count ?? 0;
            }
        }
    }

    TouchedTable Join(TouchedTable older, TouchedTable newer)
    {
        if (older.Keys is null || newer.Keys is null || !older.Columns.SequenceEqual(newer.Columns))
        {
            Forget(older);
            Forget(newer);
            return older;
        }

        _count -= older.Keys.Count + newer.Keys.Count;
        older.Keys.UnionWith(newer.Keys);
        _count += older.Keys.Count;
        if (older.Keys.Count > KeysOfTable)
            Forget(older);
        return older;
    }

    void Forget(TouchedTable table)
    {
        _count -= table.Keys?.Count ?? 0;
        table.Keys = null;
    }
}

/// <summary>A table that the relay has written.</summary>
/// <param name="Schema">As in the catalog.</param>
/// <param name="Name">As in the catalog.</param>
/// <param name="Columns">Of the replica identity, in the order of a key's values.</param>
sealed record TouchedTable(string Schema, string Name, IReadOnlyList<string> Columns)
{
    /// <summary>Null: more than are kept, or not known.</summary>
    public HashSet<string>? Keys { get; set; }

    /// <summary>Qualified and quoted.</summary>
    public string QualifiedName { get; } = Sql.Identifier(Schema, Name);
}
