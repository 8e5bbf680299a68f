using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>Takes the stream's messages one after the other and has the target repeat them.</summary>
sealed class Applier(Incoming incoming, TargetWriter writer, Relations relations, TouchedRows touched)
{
    readonly List<MarkerPassed> _markers = [];
    SourceTransaction _transaction = new(default, default, 0);
    uint _markerTable;
    bool _isOpen; // Its Begin came by, its Commit has not.
    bool _isBegun; // A change of this transaction has been sent.
    Position? _reached;

    /// <summary>Called after each commit on the target, with the markers that came by since the one before.</summary>
    public required Action<Position, IReadOnlyList<MarkerPassed>> Committed { get; init; }

    /// <summary>Each transaction of the source is committed by itself: what the target refuses undoes none that came before it.</summary>
    public bool IsSingly { get; init; }

    /// <summary>Row changes applied, of tables in scope.</summary>
    public long ChangeCount { get; private set; }

    /// <summary>Commits on the target.</summary>
    public long BatchCount { get; private set; }

    /// <summary>The oid of <see cref="Marker.Table"/>; 0 if the stream has not told of it.</summary>
    public uint MarkerTable => _markerTable;

    /// <summary>Commits of the source that came by.</summary>
    public long TransactionCount { get; private set; }

    /// <summary>
    /// Goes on until <paramref name="stop"/> says so; it is asked at commit boundaries of the source, and when nothing is left to do.
    /// Then everything up to that boundary is committed on the target.
    /// </summary>
    public async Task RunAsync(Func<bool> stop, Func<CancellationToken, Task> idle, CancellationToken ct)
    {
        var atBoundary = true;
        while (!(atBoundary && stop()))
        {
            if (incoming.TryNext(out var message))
            {
                atBoundary = await ApplyAsync(message, ct);
            }
            else
            {
                if (atBoundary)
                    await CommitAsync(ct);
                await idle(ct);
            }

            if (atBoundary && (writer.IsFull || IsSingly))
                await CommitAsync(ct);
        }

        await CommitAsync(ct);
    }

    // True at the end of a transaction of the source.
    async ValueTask<bool> ApplyAsync(ReadOnlyMemory<byte> message, CancellationToken ct)
    {
        if (Marker.Read(message.Span, ref _markerTable) is { } marker)
        {
            if (!_isOpen)
                throw Errors.MalformedMessage((char)message.Span[0], message.Length);
            _markers.Add(new MarkerPassed(marker, _transaction.CommitLsn, ChangeCount));
            return false;
        }

        switch ((char)message.Span[0])
        {
            case 'B' when !_isOpen:
                _transaction = ReadBegin(message.Span);
                (_isOpen, _isBegun) = (true, false);
                return false;
            case 'R':
                await SetRelationAsync(ReadRelation(message.Span), ct);
                return false;
            case 'I' or 'U' or 'D' when _isOpen:
                await ChangeAsync(message, ct);
                return false;
            case 'T' when _isOpen:
                await TruncateAsync(ReadTruncate(message.Span), ct);
                return false;
            case 'C' when _isOpen:
                ReadCommit(message.Span);
                _isOpen = false;
                return true;
            case 'M' or 'O' or 'Y': // Messages of others, where a row came from, and names of types: nothing depends on them.
                return !_isOpen;
            default: // Or it is in a place where it cannot be.
                throw Errors.MalformedMessage((char)message.Span[0], message.Length);
        }
    }

    async ValueTask ChangeAsync(ReadOnlyMemory<byte> message, CancellationToken ct)
    {
        Change? change;
        try
        {
            change = ReadChange(message);
        }
        catch (MigrationException) when (!_isBegun)
        {
            await CommitAsync(ct); // What came before fits: it should not have to be applied again to tables that were altered meanwhile.
            throw;
        }

        if (change is not { } known)
            return;
        _isBegun = true;
        await writer.AddAsync(known, ct);
    }

    async Task SetRelationAsync(StreamedRelation relation, CancellationToken ct)
    {
        if (Marker.Is(relation))
            return;
        relation = relations.Named(relation);
        if (relations.IsChangedBy(relation))
            await writer.FlushAsync(ct);
        await relations.SetAsync(writer.Connection, relation, ct);
    }

    async Task TruncateAsync(List<TargetTable> tables, CancellationToken ct)
    {
        if (tables.Count == 0)
            return;
        ChangeCount += tables.Count;
        _isBegun = true;
        foreach (var table in tables)
            touched.Add(table, key: null);
        var names = tables.Select(table => table.QualifiedName).ToArray();
        await writer.FlushAsync(ct);
        var along = await writer.Connection.QueryAsync(
            Query.TruncatedAlong, row => $"{(row.GetBoolean(2) ? "" : "ONLY ")}{Sql.Identifier(row.GetString(0), row.GetString(1))}", ct, (object)names);
        try
        {
            await writer.ExecuteAsync($"TRUNCATE {string.Join(", ", names.Select(name => $"ONLY {name}").Concat(along))}", ct);
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal))
        {
            throw Errors.ApplyFailed(string.Join(", ", names), "TRUNCATE", _transaction.CommitLsn, _transaction.Xid, "none", refusal);
        }
    }

    // Positions with nothing to write are not worth a commit of their own: the next one covers them.
    async Task CommitAsync(CancellationToken ct)
    {
        if (_reached is null || (writer.ChangeCount == 0 && _markers.Count == 0))
            return;
        await writer.CommitAsync(_reached, ct);
        BatchCount++;
        Committed(_reached, _markers);
        _markers.Clear();
        _reached = null;
    }

    static SourceTransaction ReadBegin(ReadOnlySpan<byte> message)
    {
        var reader = After(message);
        var begin = SourceTransaction.Read(ref reader);
        reader.MustEnd();
        return begin;
    }

    static StreamedRelation ReadRelation(ReadOnlySpan<byte> message)
    {
        var reader = After(message);
        return StreamedRelation.Read(ref reader);
    }

    Change? ReadChange(ReadOnlyMemory<byte> message)
    {
        var reader = new MessageReader(message.Span);
        var kind = (char)reader.Byte();
        if (relations.Find(reader.Oid(), _transaction) is not { } table)
            return null;
        ChangeCount++;
        var row = StreamedRow.Read(message, table.Relation.Columns.Count);
        Touch(table, row.Old);
        Touch(table, row.New);
        return new Change(table, kind, _transaction, row) { Spooled = SpooledBytes.Of(message, out _) };
    }

    void Touch(TargetTable table, TupleData row)
    {
        if (!row.IsMissing)
            touched.Add(table, touched.KeepsKeys && touched.KeepsKeysOf(table) ? table.KeyOf(row) : null);
    }

    List<TargetTable> ReadTruncate(ReadOnlySpan<byte> message)
    {
        var reader = After(message);
        var count = reader.Int32();
        reader.Skip(1); // CASCADE and RESTART IDENTITY: the stream names every table, and sequences are set at the cutover.
        var tables = new List<TargetTable>();
        for (var i = 0; i < count; i++)
        {
            if (relations.Find(reader.Oid(), _transaction) is { } table)
                tables.Add(table);
        }

        reader.MustEnd();
        return tables;
    }

    void ReadCommit(ReadOnlySpan<byte> message)
    {
        var reader = After(message);
        reader.Skip(1);
        var commitLsn = reader.Lsn();
        var endLsn = reader.Lsn();
        reader.Timestamp();
        reader.MustEnd();
        if (commitLsn != _transaction.CommitLsn)
            throw reader.Malformed();
        TransactionCount++;
        _reached = new Position(endLsn, _transaction.CommittedAt, (_reached?.TransactionCount ?? 0) + 1);
    }

    static MessageReader After(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        reader.Skip(1);
        return reader;
    }
}
