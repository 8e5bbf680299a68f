namespace PgBaton;

/// <summary>What a migration will take, and how a person would do it by hand with PostgreSQL's own tools and replication.</summary>
/// <param name="Source"><c>host:port/database</c>.</param>
/// <param name="Target"><c>host:port/database</c>; null where no target was given, whose place the commands then leave open.</param>
/// <param name="Sizes">What there is to move.</param>
/// <param name="Tables">In scope, that hold rows; the largest first.</param>
/// <param name="Decisions">What blocks, or needs a person's choice, worst first, then what is done about objects that are moved in another way than tables:
/// findings of the preflight.</param>
/// <param name="Own">With pgbaton, in order.</param>
/// <param name="Steps">By hand, in order.</param>
/// <param name="Grants">The least rights that the role of each side needs.</param>
/// <param name="Addresses">From where the target's servers connect; null without a target.</param>
public sealed record MigrationPlan(
    string Source, string? Target, PlanSizes Sizes, IReadOnlyList<PlannedTable> Tables, IReadOnlyList<Finding> Decisions, IReadOnlyList<PlanStep> Own, IReadOnlyList<PlanStep> Steps, IReadOnlyList<PlanStep> Grants,
    PlanAddresses? Addresses);

/// <summary>A table that will be moved.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Bytes">Heap and TOAST.</param>
/// <param name="HasIdentity">Its replica identity finds a row: its UPDATEs and DELETEs can be followed as it is.</param>
public sealed record PlannedTable(string Table, long Bytes, bool HasIdentity);

/// <summary>What there is to move, and what that takes.</summary>
/// <param name="Tables">In scope, that hold rows.</param>
/// <param name="TableBytes">Heap and TOAST.</param>
/// <param name="IndexBytes">Of their indexes, which are built anew.</param>
/// <param name="Sequences">In scope.</param>
/// <param name="LargestTable">Qualified; null without tables.</param>
/// <param name="DiskBytes">Free space the target should have: half as much again as the source takes.</param>
/// <param name="CopyBytesPerSecond">Of a sample, with one connection; null where none could be taken.</param>
/// <param name="CopySeconds">All tables at that pace, by four connections at most twice as fast as by one; without the indexes.</param>
/// <param name="WalBytesPerSecond">Written by the source while it was looked at; on average, where nothing is large enough to be worth the look.</param>
/// <param name="WalBytes">Kept by the slot while rows are copied and indexes built, at that rate or the average, whichever is higher.</param>
public sealed record PlanSizes(
    int Tables, long TableBytes, long IndexBytes, int Sequences, string? LargestTable, long DiskBytes,
    double? CopyBytesPerSecond, double? CopySeconds, double? WalBytesPerSecond, double? WalBytes);

/// <summary>One thing to do.</summary>
/// <param name="Title">As a heading.</param>
/// <param name="Why">For a person; may be empty.</param>
/// <param name="Where">source or target: SQL to run there; shell: for a POSIX shell with psql and pg_dump.</param>
/// <param name="Command">Whole; holds no password.</param>
/// <param name="IsDowntime">Nobody can write while it runs.</param>
public sealed record PlanStep(string Title, string Why, string Where, string Command, bool IsDowntime = false);

/// <summary>Addresses that the source's firewall has to let in, if the target's servers are to subscribe. pgbaton itself connects to both sides.</summary>
/// <param name="Provider">Of the target.</param>
/// <param name="Region">Of the target; null where nothing tells.</param>
/// <param name="List">IPv4; empty where they are not known here.</param>
/// <param name="AsOf">The day the provider's list was read: it changes.</param>
/// <param name="From">Where today's list is to be had.</param>
/// <param name="Command">Lets them in, at the source's provider; ADDRESS stands for those that are not known.</param>
public sealed record PlanAddresses(string Provider, string? Region, IReadOnlyList<string> List, DateOnly? AsOf, string From, string Command);
