using System.Collections.Frozen;

namespace PgBaton.Postgres;

/// <summary>
/// What libpq knows: each parameter, the environment variable that stands in where the string leaves it out, and whether we can do what it asks.
/// </summary>
static class ConnectionParameters
{
    /// <summary>By libpq's keyword.</summary>
    public static FrozenDictionary<string, ConnectionParameter> All { get; } = new ConnectionParameter[]
    {
        new("host", "PGHOST"),
        new("hostaddr", "PGHOSTADDR"),
        new("port", "PGPORT"),
        new("dbname", "PGDATABASE"),
        new("user", "PGUSER"),
        new("password", "PGPASSWORD"),
        new("passfile", "PGPASSFILE"),
        new("service", "PGSERVICE"),
        new("servicefile", "PGSERVICEFILE"),
        new("connect_timeout", "PGCONNECT_TIMEOUT"),
        new("options", "PGOPTIONS"),
        new("sslmode", "PGSSLMODE"),
        new("sslnegotiation", "PGSSLNEGOTIATION"),
        new("sslrootcert", "PGSSLROOTCERT"),
        new("sslcert", "PGSSLCERT"),
        new("sslkey", "PGSSLKEY"),
        new("sslpassword"),
        new("channel_binding", "PGCHANNELBINDING"),
        new("gssencmode", "PGGSSENCMODE"),
        new("krbsrvname", "PGKRBSRVNAME"),
        new("require_auth", "PGREQUIREAUTH"),
        new("target_session_attrs", "PGTARGETSESSIONATTRS"),
        new("keepalives"),
        new("keepalives_idle"),
        new("keepalives_interval"),

        // Without meaning for us: the value is ours, or nothing is lost by leaving it to the runtime.
        new("application_name"),
        new("fallback_application_name"),
        new("client_encoding"),
        new("keepalives_count"),
        new("tcp_user_timeout"),
        new("load_balance_hosts", "PGLOADBALANCEHOSTS"),
        new("gsslib", "PGGSSLIB"),
        new("gssdelegation", "PGGSSDELEGATION"),
        new("sslkeylogfile"),
        new("scram_client_key"),
        new("scram_server_key"),
        new("tty"),
        new("authtype"),

        // To pass these over would connect with less than what was asked for: only the values that ask for nothing are taken.
        new("sslcompression", "PGSSLCOMPRESSION", "0"),
        new("sslsni", "PGSSLSNI", "1"),
        new("sslcertmode", "PGSSLCERTMODE", "allow"),
        new("sslcrl", "PGSSLCRL", ""),
        new("sslcrldir", "PGSSLCRLDIR", ""),
        new("requirepeer", "PGREQUIREPEER", ""),
        new("requiressl", "PGREQUIRESSL", "0"),
        new("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", "", "TLSv1", "TLSv1.1", "TLSv1.2"),
        new("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", "", "TLSv1.3"),
        new("min_protocol_version", "PGMINPROTOCOLVERSION", "3.0"),
        new("max_protocol_version", "PGMAXPROTOCOLVERSION", "3.0", "3.2", "latest"),
        new("oauth_issuer", null, ""),
        new("oauth_client_id", null, ""),
        new("oauth_client_secret", null, ""),
        new("oauth_scope", null, ""),
        new("replication", null, "false", "off", "no", "0"),
    }.ToFrozenDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    /// <summary>What other programs read from such strings and libpq does not: named, because nobody finds out alone why theirs is refused.</summary>
    public static FrozenSet<string> OfOthers { get; } = new[]
    {
        "schema", "currentSchema", "search_path", "pgbouncer", "connection_limit", "pool_timeout", "pool_size", "max_pool_size", "sslaccept",
        "sslidentity", "socket_timeout", "statement_cache_size", "prepared_statements", "prepareThreshold", "serverVersion", "charset",
        "timezone", "pool", "reconnect", "encoding", "uselibpqcompat", "workaround", "supa", "sslfactory", "ApplicationName", "loginTimeout",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Why a parameter is refused. Its own text is only repeated where it is one we know: what follows an unquoted blank or an unescaped
    /// question mark may be the rest of a password.
    /// </summary>
    public static string Unknown(string name, int place)
    {
        if (OfOthers.Contains(name))
            return $"parameter {name} is not one of libpq's; leave it out";
        var near = All.Keys.FirstOrDefault(known => IsNear(name, known));
        return near is null
            ? $"parameter number {place} is not one that libpq knows; in a URI write / ? # @ : % of a password as %2F %3F %23 %40 %3A "
                + "%25, in a keyword string put values with blanks between single quotes"
            : $"parameter number {place} is not one that libpq knows; {near} is";
    }

    // One letter wrong, missing, added, or two swapped; a prefix of six letters and more counts too.
    static bool IsNear(string name, string known)
    {
        if (name.Length < 4 || Math.Abs(name.Length - known.Length) > 1)
            return false;
        if (string.Equals(name, known, StringComparison.OrdinalIgnoreCase))
            return true;
        var same = name.TakeWhile((c, i) => i < known.Length && c == known[i]).Count();
        string rest = name[same..], knownRest = known[same..];
        return Tail(rest, 1) == Tail(knownRest, 1) || rest == Tail(knownRest, 1) || Tail(rest, 1) == knownRest
            || (rest.Length >= 2 && knownRest.Length >= 2 && rest[0] == knownRest[1] && rest[1] == knownRest[0] && rest[2..] == knownRest[2..]);
    }

    static string Tail(string text, int from) => text.Length < from ? text : text[from..];
}

/// <summary>One parameter of libpq.</summary>
/// <param name="Name">Its keyword.</param>
/// <param name="Variable">The environment variable for it; null where there is none.</param>
/// <param name="OnlyValues">The only values that can be honoured; empty: any.</param>
sealed record ConnectionParameter(string Name, string? Variable = null, params string[] OnlyValues);
