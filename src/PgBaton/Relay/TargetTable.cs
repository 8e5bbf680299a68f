using Npgsql;
using NpgsqlTypes;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>A table of the stream as it is on the target: builds the command that repeats one change of the source.</summary>
sealed class TargetTable
{
    readonly StreamedRelation _relation;
    readonly Column?[] _columns; // Beside those of the relation; null where the target computes the value itself.
    readonly int[] _key;
    readonly Dictionary<string, Plan> _plans = [];
    readonly TypeFacts _types;
    readonly bool _hasArrays;

    TargetTable(StreamedRelation relation, Column?[] columns, int[] key, TypeFacts types)
    {
        (_relation, _columns, _key, _types) = (relation, columns, key, types);
        StoredColumns = [.. Enumerable.Range(0, columns.Length).Where(i => columns[i] is not null)];
        _hasArrays = StoredColumns.Count > 0 && StoredColumns.All(i => ArrayTypeAt(i) is not null);
        QualifiedName = Sql.Identifier(relation.Schema, relation.Name);
        KeyNames = key.Length == 0 ? "(whole row)" : $"({string.Join(", ", key.Select(i => Name(i)))})";
    }

    public string QualifiedName { get; }

    /// <summary>For messages: names, never values.</summary>
    public string KeyNames { get; }

    public StreamedRelation Relation => _relation;

    /// <summary>Columns that are written; the target computes the others itself.</summary>
    public IReadOnlyList<int> StoredColumns { get; }

    /// <summary>Every column of the target that is written comes with the stream. Otherwise a row that is deleted and inserted again would lose something.</summary>
    public bool HasAllColumns { get; private init; }

    /// <summary>Something of the table itself acts on rows that are written, so that it matters what becomes of each and when.</summary>
    public bool ActsOnRows { get; private init; }

    /// <summary>Changes cannot be written as sets of rows, whatever they are.</summary>
    public bool IsOrdered => ActsOnRows || !_hasArrays;

    /// <summary>Batches that are to be written one change after the other, because the target refused the sets of the last one.</summary>
    public int OrderedBatches { get; set; }

    /// <exception cref="MigrationException">PB0505: there is no such table, or a column is missing.</exception>
    public static async Task<TargetTable> OpenAsync(NpgsqlConnection target, StreamedRelation relation, CancellationToken ct)
    {
        var name = Sql.Identifier(relation.Schema, relation.Name);
        var oid = await target.QueryFirstAsync(
            "SELECT oid FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)", row => row.GetFieldValue<uint>(0), ct, name);
        var found = (await Column.ListAsync(target, [oid], ct))[oid].ToDictionary(column => column.Name);
        if (relation.Columns.Any(column => !found.ContainsKey(column.Name)))
            throw Errors.TableMissing(name);

        var columns = relation.Columns.Select(column => found[column.Name] is { IsGenerated: false } stored ? stored : null).ToArray();
        return new TargetTable(relation, columns, Key(relation, columns), await TypeFacts.ReadAsync(target, columns, ct))
        {
            ActsOnRows = await target.QueryValueAsync<bool>(Query.ActsOnRows, ct, oid),
            HasAllColumns = found.Values.Count(column => !column.IsGenerated) == columns.OfType<Column>().Count(),
        };
    }

    public NpgsqlBatchCommand Insert(TupleValue[] row)
    {
        var plan = PlanFor("I", () => PlanInsert(row.Length));
        return Command(plan, row, []);
    }

    /// <param name="old">The old key (K) or the whole old row (O); null if the key did not change.</param>
    /// <param name="row">The new row; columns whose TOASTed value did not change are not in it.</param>
    public NpgsqlBatchCommand Update(TupleValue[]? old, TupleValue[] row)
    {
        var match = new RowMatch(this, old ?? row);
        var plan = PlanFor($"U{Pattern(row)}{(old is null ? 'k' : 'o')}{match.Pattern}", () => PlanUpdate(old is null, row, match));
        return Command(plan, row, match.Values);
    }

    /// <param name="old">The old key (K) or the whole old row (O).</param>
    public NpgsqlBatchCommand Delete(TupleValue[] old)
    {
        var match = new RowMatch(this, old);
        var plan = PlanFor($"D{match.Pattern}", () => new Plan($"DELETE FROM ONLY {QualifiedName} AS r WHERE {match.Condition(0)}", []));
        return Command(plan, [], match.Values);
    }

    /// <summary>Columns that find the row; empty: all of them, and of equal rows exactly one.</summary>
    public IReadOnlyList<int> KeyColumns => _key;

    /// <summary>Which row it is; null if the tuple does not say.</summary>
    public string? KeyOf(TupleData row) => TouchedRows.KeyOf(row.Values(_key));

    public Column? ColumnAt(int index) => _columns[index];

    /// <summary>The condition that row <c>r</c> has this value in the column.</summary>
    public string Match(int index, string value) => _types.Equalities[_columns[index]!.TypeOid].Of($"r.{Name(index)}", value);

    /// <summary>How many values of the column are sent at once; null if they cannot be.</summary>
    public ArrayType? ArrayTypeAt(int index) => _columns[index] is { } column ? _types.Arrays.GetValueOrDefault(column.TypeOid) : null;

    public string Name(int index) => Sql.Identifier(_relation.Columns[index].Name);

    // With REPLICA IDENTITY FULL the target's primary key finds the row as well, and by an index.
    static int[] Key(StreamedRelation relation, Column?[] columns)
    {
        var all = Enumerable.Range(0, columns.Length);
        return relation.ReplicaIdentity == 'f'
            ? [.. all.Where(i => columns[i] is { KeyPlace: > 0 })]
            : [.. all.Where(i => relation.Columns[i].IsKey)];
    }

    Plan PlanInsert(int width)
    {
        var stored = Enumerable.Range(0, width).Where(i => _columns[i] is not null).ToArray();
        return new(
            stored.Length == 0
                ? $"INSERT INTO {QualifiedName} DEFAULT VALUES"
                : $"INSERT INTO {QualifiedName} ({string.Join(", ", stored.Select(Name))}) OVERRIDING SYSTEM VALUE VALUES ({Places(stored.Length)})",
            stored);
    }

    // An unchanged key need not be set, except to have something to set.
    Plan PlanUpdate(bool keyIsUnchanged, TupleValue[] row, RowMatch match)
    {
        var set = Enumerable.Range(0, row.Length)
            .Where(i => _columns[i] is not null && !row[i].IsUnchanged && !(keyIsUnchanged && _key.Contains(i)))
            .DefaultIfEmpty(_key.Length > 0 ? _key[0] : 0).ToArray();
        var assignments = string.Join(", ", set.Select((i, n) => $"{Name(i)} = ${n + 1}"));
        return new($"UPDATE ONLY {QualifiedName} AS r SET {assignments} WHERE {match.Condition(set.Length)}", set);
    }

    Plan PlanFor(string pattern, Func<Plan> build)
    {
        if (!_plans.TryGetValue(pattern, out var plan))
            _plans[pattern] = plan = build();
        return plan;
    }

    static NpgsqlBatchCommand Command(Plan plan, TupleValue[] row, IEnumerable<TupleValue> match)
    {
        var command = new NpgsqlBatchCommand(plan.Sql);
        foreach (var value in plan.Columns.Select(i => row[i]).Concat(match))
            command.Parameters.Add(value.Kind == 't' ? new PrintedValue(value.Bytes).ToParameter() : Null());
        return command;
    }

    static NpgsqlParameter Null() => new() { NpgsqlDbType = NpgsqlDbType.Unknown, Value = DBNull.Value };

    static string Places(int count) => string.Join(", ", Enumerable.Range(1, count).Select(n => $"${n}"));

    static string Pattern(TupleValue[] row) => string.Concat(row.Select(value => value.IsUnchanged ? 'u' : 'v'));

    // A command's text, and which columns of the new row are its first parameters.
    sealed record Plan(string Sql, int[] Columns);
}

/// <summary>What the target says about the types of some columns.</summary>
/// <param name="Equalities">By type.</param>
/// <param name="Arrays">By type.</param>
sealed record TypeFacts(IReadOnlyDictionary<uint, Equality> Equalities, IReadOnlyDictionary<uint, ArrayType> Arrays)
{
    public static async Task<TypeFacts> ReadAsync(NpgsqlConnection target, IEnumerable<Column?> columns, CancellationToken ct)
    {
        var types = columns.OfType<Column>().Select(column => column.TypeOid).Distinct().ToArray();
        return new TypeFacts(await Equality.ListAsync(target, types, ct), await ArrayType.ListAsync(target, types, ct));
    }
}
