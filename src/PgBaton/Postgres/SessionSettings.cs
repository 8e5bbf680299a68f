using Npgsql;

namespace PgBaton.Postgres;

/// <summary>
/// Settings that every connection of ours has from its first moment on, as startup options: nobody's defaults for a role or a
/// database may end our sessions, hide rows from us or change how a value is printed.
/// </summary>
static class SessionSettings
{
    /// <summary>The value of the startup parameter <c>options</c> for a server of this version.</summary>
    public static string For(ServerVersion version, string? userOptions) => $"{ForAnyVersion(userOptions)}{LaterTimeLimits(version)}{(version.HasJit ? NoJit : "")}";

    /// <summary>Nothing of a role or a database ends a session with these options.</summary>
    public static string NoTimeLimits(ServerVersion version) => $"{string.Join(' ', _timeLimits.Select(name => $"-c {name}=0"))}{LaterTimeLimits(version)}";

    /// <summary>What every server we can meet understands: for the first connection, before its version is known.</summary>
    public static string ForAnyVersion(string? userOptions)
        => string.Join(' ', _timeLimits.Select(name => $"{name}=0").Concat(_everywhere).Select(setting => $"-c {setting}").Prepend(userOptions).Where(part => !string.IsNullOrWhiteSpace(part)));

    /// <summary>
    /// Which of them a session does not have. A value that somebody set in the session itself (at login) has the source <c>session</c> in pg_settings;
    /// one that did not arrive has another.
    /// </summary>
    public static async Task<IReadOnlyList<(string Name, bool IsSetAtLogin)>> FindOthersAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        // Keepalives are none of a Unix socket's, and how long is waited for a lock is said anew wherever it matters.
        var ours = _timeLimits.Except(["lock_timeout"]).Select(name => $"{name}=0").Concat(_everywhere).Where(setting => !setting.StartsWith("tcp_", StringComparison.Ordinal))
            .Select(setting => setting.Replace(@"\ ", " ", StringComparison.Ordinal).Split('=')).ToDictionary(parts => parts[0], parts => parts[1]);
        var found = await connection.QueryAsync(
            "SELECT name, setting, source = 'session' FROM pg_catalog.pg_settings WHERE name = ANY ($1) ORDER BY name",
            row => (Name: row.GetString(0), Value: row.GetString(1), IsSetAtLogin: row.GetBoolean(2)), ct, (object)ours.Keys.ToArray()); // One parameter, not as many as there are names.
        // DateStyle has a second half.
        return [.. found.Where(setting => setting.Value != ours[setting.Name] && !setting.Value.StartsWith($"{ours[setting.Name]}, ", StringComparison.Ordinal))
            .Select(setting => (setting.Name, setting.IsSetAtLogin))];
    }

    // Queries of catalogs are estimated as costly, and take a millisecond.
    const string NoJit = " -c jit=off";

    static string LaterTimeLimits(ServerVersion version)
        => (version.HasIdleSessionTimeout ? " -c idle_session_timeout=0" : "") + (version.HasTransactionTimeout ? " -c transaction_timeout=0" : "");

    static readonly string[] _timeLimits = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];

    static readonly string[] _everywhere =
    [
        "tcp_keepalives_idle=10",
        "tcp_keepalives_interval=10",
        "tcp_keepalives_count=6",
        "default_transaction_read_only=off",
        @"default_transaction_isolation=read\ committed",
        "row_security=off",          // A policy that would hide rows is an error, never fewer rows.
        "search_path=",
        "extra_float_digits=3",
        "DateStyle=ISO",
        "IntervalStyle=postgres",
        "TimeZone=UTC",
        "bytea_output=hex",
        "xmloption=content",
        "array_nulls=on",
        "lc_monetary=C",
        "quote_all_identifiers=off", // It changes what format('%I') returns.
        "standard_conforming_strings=on",
    ];
}
