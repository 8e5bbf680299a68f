using System.Runtime.InteropServices;

namespace PgBaton.Relay;

/// <summary>
/// What a table's changes come to: of each row, the one change that has the result of all of them. Rows that went are to be deleted first, then
/// those that stayed updated, then those that came inserted; in that order no row meets one that made room for it.
/// </summary>
/// <param name="table">Of all the changes.</param>
sealed class NetEffect(TargetTable table)
{
    /// <summary>From so many new rows on, COPY takes less than an array for each column.</summary>
    const int ManyRows = 500;

    readonly Dictionary<RowKey, NetRow> _rows = [];
    readonly List<TupleData> _withoutKey = [];

    /// <summary>Rows to find by key, and that key.</summary>
    public IReadOnlyList<TupleData> Deletes { get; private set; } = [];

    /// <summary>Rows as they are to become. Columns that did not change may be missing in some.</summary>
    public IReadOnlyList<TupleData> Updates { get; private set; } = [];

    public IReadOnlyList<TupleData> Inserts { get; private set; } = [];

    public bool InsertsAreMany => Inserts.Count >= ManyRows;

    public TargetTable Table => table;

    /// <summary>After the last change.</summary>
    public void Settle()
    {
        Deletes = InOrderOfKeys('D');
        Updates = InOrderOfKeys('U');
        Inserts = table.KeyColumns.Count == 0 ? _withoutKey : InOrderOfKeys('I');
    }

    /// <summary>The next change. False: these changes can only be repeated one after the other.</summary>
    public bool TryAdd(in Change change)
    {
        var (old, row) = change.Row;
        if (change.Spooled is not null)
            return false; // An array of such values would be as long again.
        if (table.KeyColumns.Count == 0)
        {
            _withoutKey.Add(row);
            return change.Kind == 'I';
        }

        if (change.Kind == 'D')
            return RowKey.Of(old, table.KeyColumns) is { } gone && Delete(gone, old);
        if (RowKey.Of(row, table.KeyColumns) is not { } key)
            return false;
        if (change.Kind == 'I')
            return Insert(key, row);
        if (old.IsMissing)
            return Update(key, row);
        if (RowKey.Of(old, table.KeyColumns) is not { } former)
            return false;
        return former.Equals(key) ? Update(key, row) : table.HasAllColumns && !row.HasUnchanged && Delete(former, old) && Insert(key, row);
    }

    // Rows that are inserted mostly come in that order.
    List<TupleData> InOrderOfKeys(char kind)
    {
        var (rows, isInOrder) = (new List<KeyValuePair<RowKey, TupleData>>(), true);
        foreach (var (key, row) in _rows)
        {
            if (row.Kind != kind)
                continue;
            isInOrder = isInOrder && (rows.Count == 0 || rows[^1].Key.CompareTo(key) < 0);
            rows.Add(new(key, row.Row));
        }

        if (!isInOrder)
            rows.Sort(static (one, other) => one.Key.CompareTo(other.Key));
        return rows.ConvertAll(static row => row.Value);
    }

    bool Insert(RowKey key, TupleData row)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out _);
        (known, var fits) = known.Kind switch
        {
            NetRow.Unknown or NetRow.Nothing => (new NetRow('I', row), true),
            'D' => (new NetRow('U', row), table.HasAllColumns),
            _ => (known, false), // It is there already.
        };
        return fits;
    }

    bool Update(RowKey key, TupleData row)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out _);
        (known, var fits) = known.Kind switch
        {
            NetRow.Unknown => (new NetRow('U', row), true),
            'I' or 'U' => (new NetRow(known.Kind, known.Row.Under(row)), true),
            _ => (known, false), // It is not there any more.
        };
        return fits;
    }

    bool Delete(RowKey key, TupleData old)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out _);
        (known, var fits) = known.Kind switch
        {
            NetRow.Unknown or 'U' => (new NetRow('D', old), true),
            'I' => (new NetRow(NetRow.Nothing, old), true),
            _ => (known, false),
        };
        return fits;
    }

    /// <param name="Kind">I, U or D, or one of the two below.</param>
    /// <param name="Row">The new one, or what finds the old one.</param>
    readonly record struct NetRow(char Kind, TupleData Row)
    {
        /// <summary>Nothing has been said of it yet.</summary>
        public const char Unknown = '\0';

        /// <summary>It came and went.</summary>
        public const char Nothing = 'x';
    }
}
