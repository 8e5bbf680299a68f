namespace PgBaton.Relay;

/// <summary>
/// Looks ahead in the stream: how many of the coming transactions does a snapshot see? Commit order and the order in which transactions
/// become visible differ now and then, so what it sees need not be the first ones.
/// </summary>
static class Prefix
{
    /// <summary>The number of transactions up to the marker that the snapshot sees; null if one it does not see comes before one it sees.</summary>
    public static async Task<int?> CountAsync(
        Incoming incoming, TransactionSnapshot snapshot, string marker, uint markerTable, CancellationToken ct)
    {
        var seen = new List<bool>();
        var found = await incoming.LookAheadAsync(message => Look(message.Span, snapshot, marker, ref markerTable, seen), ct);
        if (!found)
            return null;
        seen.RemoveAt(seen.Count - 1); // The marker's own transaction began after the snapshot was taken.
        var count = seen.TakeWhile(sees => sees).Count();
        return seen.Skip(count).Any(sees => sees) ? null : count;
    }

    static bool Look(ReadOnlySpan<byte> message, TransactionSnapshot snapshot, string marker, ref uint markerTable, List<bool> seen)
    {
        var reader = new MessageReader(message);
        if ((char)reader.Byte() == 'B')
            seen.Add(snapshot.Sees(SourceTransaction.Read(ref reader).Xid));
        return Marker.Read(message, ref markerTable) == marker;
    }
}
