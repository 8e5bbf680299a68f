using System.Globalization;
using System.Text.Json;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>What the journal says: the row of status.sql, and the process that holds the engine's lock.</summary>
sealed record JournalFacts(
    string Name, string SourceAddress, string TargetAddress, string[] Begun, string[] Done, Lsn? AppliedLsn, DateTimeOffset? CommittedAt,
    TableCounts Tables, long BytesDone, long BytesTotal, long BytesOfThisRun, double? CopyingForSeconds,
    string? Writer, string? HeartbeatAt, string? InSyncAt, string? LastError, string? DowntimeSeconds, string? Word, DateTimeOffset Now,
    string? Direction, string? WayBack, string? Paused, string? Schema, long? MaxSlotWal, WalSeen? WalSeen,
    bool IsOffline, string? Held, RefusedWord? Refused, EngineSeen? Engine, SideFacts Target, LogicalSubscription? Subscription = null)
{
    public IReadOnlyList<IndexInMaking> Building { get; private init; } = [];

    /// <summary>The decision has made the old source's database read-only by default.</summary>
    public bool IsSourceReadOnly { get; private init; }

    /// <summary>The target is the writer, or a rollback is under way.</summary>
    public bool IsBack => Direction == "back";

    /// <summary>Null if there is no journal.</summary>
    /// <exception cref="MigrationException">PB0201, PB0202.</exception>
    public static async Task<JournalFacts?> ReadAsync(NpgsqlConnection connection, string address, CancellationToken ct)
    {
        string? comment = null;
        EngineSeen? engine = null;
        List<JournalFacts> rows = [];
        LogicalSubscription? subscription = null;
        try
        {
            await connection.QueryTogetherAsync(
                ct,
                (JournalReader.CommentQuery, row => comment = row.GetString(0)),
                (JournalReader.EngineQuery, row => engine = JournalReader.ReadEngine(row)),
                (Query, row => rows.Add(Read(row, engine))),
                (SubscriptionQuery(connection), row => subscription = LogicalSubscription.Read(row)));
        }
        catch (PostgresException failure)
        {
            if (!JournalReader.IsOurs(comment, address) || failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
                return null; // It was never there, or was dropped while we read it.
            throw;
        }

        if (!JournalReader.IsOurs(comment, address) || rows is not [var facts])
            return null;
        return facts.IsBack
            ? facts with { Target = await SideFacts.ReadAsync(connection, facts.Name, isBack: true, ct) }
            : facts with { Subscription = subscription };
    }

    // The name is in the journal, which is read in the same breath.
    static string SubscriptionQuery(NpgsqlConnection connection)
        => connection.PostgreSqlVersion.Major < ServerVersion.OldestSubscriberMajor ? "SELECT WHERE false"
            : LogicalSubscription.QueryOf($"(SELECT '{PgBaton.Direction.SlotNameOf("' || m.name || '", isBack: false)}' FROM pgbaton.migration m)");

    static string Query { get; } = Load();

    static JournalFacts Read(NpgsqlDataReader row, EngineSeen? engine) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3), row.GetFieldValue<string[]>(4),
        row.GetNullable<Lsn?>(5), row.GetNullable<DateTimeOffset?>(6),
        new TableCounts(row.GetInt64(7), row.GetInt64(8), row.GetInt64(9)), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12),
        row.GetNullable<double?>(13), row.GetNullable<string>(14), row.GetNullable<string>(15), row.GetNullable<string>(16),
        row.GetNullable<string>(17), row.GetNullable<string>(18), row.GetNullable<string>(19), row.GetFieldValue<DateTimeOffset>(20),
        row.GetNullable<string>(21), row.GetNullable<string>(22), row.GetNullable<string>(23), row.GetNullable<string>(24),
        long.TryParse(row.GetNullable<string>(25), CultureInfo.InvariantCulture, out var limit) ? limit : null,
        Status.WalSeen.Read(row.GetNullable<string>(26), row.GetNullable<double?>(27)),
        row.GetBoolean(28), row.GetNullable<string>(29), ReadRefused(row.GetNullable<string?[]>(30)), engine, SideFacts.Unknown)
    {
        Building = [.. row.GetFieldValue<string[]>(31).Zip(row.GetFieldValue<string[]>(32), row.GetFieldValue<double[]>(33))
            .Select(index => new IndexInMaking(index.First, index.Second, index.Third < 0 ? null : Math.Round(Math.Min(index.Third, 1), 2)))],
        IsSourceReadOnly = row.GetBoolean(34),
    };

    static RefusedWord? ReadRefused(string?[]? newest)
        => newest is [{ } word, { } error] ? new RefusedWord(word, JsonSerializer.Deserialize(error, PgBatonJson.Default.ErrorReport)!) : null;

    static string Load()
    {
        using var stream = typeof(JournalFacts).Assembly.GetManifestResourceStream("status.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
