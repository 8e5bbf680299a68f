namespace PgBaton.Cli.Demo.Writers;

/// <summary>
/// What one writer knows of its transactions 1, 2, 3 …: which were acknowledged, when, and by whom. Kept in memory, so that it
/// owes nothing to either server.
/// </summary>
sealed class Ledger(string writer)
{
    readonly List<Acknowledgement> _acknowledged = [];
    readonly List<Refusal> _refusals = [];
    long _unknown;

    public string Writer => writer;

    /// <summary>Transaction n is at place n − 1: the next one begins when the one before is settled.</summary>
    public IReadOnlyList<Acknowledgement> Acknowledged => _acknowledged;

    /// <summary>Transactions begun, the last of which may be unsettled.</summary>
    public long Attempted { get; private set; }

    /// <summary>How often the connection was lost while COMMIT was on its way, so that only the table could tell.</summary>
    public int UnknownOutcomes { get; private set; }

    /// <summary>Errors the writer met before it could go on.</summary>
    public IReadOnlyList<Refusal> Refusals => _refusals;

    public void Attempt(long n) => Attempted = n;

    public void Acknowledge(string endpoint, long timestamp) => _acknowledged.Add(new(endpoint, timestamp));

    /// <summary>COMMIT was sent, and no answer came.</summary>
    public void Doubt(long n) => (_unknown, UnknownOutcomes) = (n, UnknownOutcomes + 1);

    /// <summary>Whether an earlier attempt at transaction n may have been committed.</summary>
    public bool IsInDoubt(long n) => _unknown == n;

    public void Refused(string why, string endpoint, long timestamp) => _refusals.Add(new(why, endpoint, timestamp));

    /// <summary>From the last acknowledgement of the source to the first of the target: how long this writer had to wait. Null before.</summary>
    public (long From, long To)? Handover()
    {
        var first = _acknowledged.FindIndex(ack => ack.Endpoint == "target");
        return first > 0 ? (_acknowledged[first - 1].Timestamp, _acknowledged[first].Timestamp) : null;
    }
}

/// <summary>A COMMIT that came back.</summary>
/// <param name="Endpoint">source or target.</param>
/// <param name="Timestamp">Of the monotonic clock.</param>
readonly record struct Acknowledgement(string Endpoint, long Timestamp);

/// <summary>An attempt that failed and was made again.</summary>
/// <param name="Why">SQLSTATE, or <c>connection lost</c>.</param>
/// <param name="Endpoint">source or target.</param>
/// <param name="Timestamp">Of the monotonic clock.</param>
readonly record struct Refusal(string Why, string Endpoint, long Timestamp);
