using System.Globalization;
using System.Text.Json;
using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Providers;

namespace PgBaton.Preflight;

/// <summary>What a server said about itself, its database and our role, in one round trip.</summary>
/// <param name="MayReplicate">REPLICATION, or what stands for it with a provider.</param>
/// <param name="RoleConnectionLimit">-1: none.</param>
/// <param name="MayCreate">CREATE on the database: schemas, publications.</param>
/// <param name="OwnsDatabase">Its owner, or a member of it.</param>
/// <param name="LocaleProvider">c libc, i ICU, b built in.</param>
/// <param name="Senders">Walsenders in use.</param>
/// <param name="Backends">Sessions of any database, without walsenders.</param>
/// <param name="OurSchemaComment">Of a schema named pgbaton; null if there is none.</param>
/// <param name="BackendPid">Of the session that asked, as the server knows it.</param>
/// <param name="Signs">Of a provider, as <see cref="ServerSigns"/> reads them.</param>
/// <param name="IsEncrypted">Our session, as the server sees it.</param>
/// <param name="ExpiresInSeconds">Our role's password, by VALID UNTIL; null: never.</param>
sealed record ServerFacts(
    IReadOnlyDictionary<string, string> Settings, string User, bool IsSuperuser, bool MayReplicate, int RoleConnectionLimit, bool MayCreate, bool OwnsDatabase,
    string Encoding, string Collate, string CharacterType, string LocaleProvider, string? Locale, int DatabaseConnectionLimit, long DatabaseBytes, bool IsInRecovery,
    int Slots, int Senders, int Backends, int BackendsOfRole, string? OurSchemaComment, int BackendPid, IReadOnlySet<string> Signs,
    bool IsEncrypted, double? ExpiresInSeconds)
{
    public string? Setting(string name) => Settings.TryGetValue(name, out var value) ? value : null;

    public int Number(string name) => Setting(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;

    /// <summary>What decoding needs. From 19 on, the effective level counts.</summary>
    public string WalLevel => Setting("effective_wal_level") ?? Setting("wal_level") ?? "unknown";

    /// <summary>Libraries that are loaded as the server starts; empty too where our role may not see them.</summary>
    public IReadOnlySet<string> Preloads
        => (Setting("shared_preload_libraries") ?? "").Split([',', ' ', '"'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    public static async Task<ServerFacts> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
        => (await connection.QueryFirstAsync(Query.ServerFacts, Read, ct))!;

    /// <summary>Where the server of a session is at home, by what it shows and by its address.</summary>
    public static async Task<Provider> HomeOfAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var facts = await ReadAsync(connection, ct);
        return Home.Of(new ServerSigns(connection.Host ?? "", connection.Port, facts.User, connection.Database, facts.Signs, facts.IsSuperuser));
    }

    static ServerFacts Read(NpgsqlDataReader row) => new(
        JsonSerializer.Deserialize(row.GetString(0), PgBatonJson.Default.DictionaryStringString)!,
        row.GetString(1), row.GetBoolean(2), row.GetBoolean(2) || row.GetBoolean(3), row.GetInt32(4), row.GetBoolean(5), row.GetBoolean(6),
        row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10), row.GetNullable<string>(11), row.GetInt32(12), row.GetInt64(13), row.GetBoolean(14),
        row.GetInt32(15), row.GetInt32(16), row.GetInt32(17), row.GetInt32(18), row.GetNullable<string>(19), row.GetInt32(20),
        row.GetFieldValue<string[]>(21).ToHashSet(StringComparer.Ordinal), row.GetBoolean(22), row.IsDBNull(23) ? null : row.GetDouble(23));
}
