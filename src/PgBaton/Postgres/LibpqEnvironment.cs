using System.Globalization;
using Npgsql;

namespace PgBaton.Postgres;

/// <summary>
/// What pg_dump, pg_restore and psql find in their environment to connect just as we do. The password is not in it: it goes into a passfile of
/// mode 0600 whose path is <c>PGPASSFILE</c>.
/// </summary>
static class LibpqEnvironment
{
    /// <summary>Variables of libpq that would change where a child connects to or what it does, and must not be inherited.</summary>
    public static IReadOnlyList<string> Inherited { get; } =
        [.. ConnectionParameters.All.Values.Select(parameter => parameter.Variable).OfType<string>(), "PGTZ", "PGCLIENTENCODING", "PGDATESTYLE", "PGGEQO", "PGAPPNAME"];

    public static IReadOnlyDictionary<string, string> Of(NpgsqlConnectionStringBuilder settings)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = settings.Host!,
            ["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = settings.Username!,
            ["PGDATABASE"] = settings.Database!,
            ["PGSSLMODE"] = Mode(settings.SslMode),
            ["PGCHANNELBINDING"] = settings.ChannelBinding switch { ChannelBinding.Require => "require", ChannelBinding.Disable => "disable", _ => "prefer" },
            ["PGGSSENCMODE"] = settings.GssEncryptionMode switch { GssEncryptionMode.Require => "require", GssEncryptionMode.Prefer => "prefer", _ => "disable" },
            ["PGCONNECT_TIMEOUT"] = settings.Timeout.ToString(CultureInfo.InvariantCulture),
            ["PGAPPNAME"] = settings.ApplicationName ?? "pgbaton",
        };
        Add(variables, "PGOPTIONS", settings.Options);
        Add(variables, "PGSSLCERT", settings.SslCertificate);
        Add(variables, "PGSSLKEY", settings.SslKey);
        Add(variables, "PGKRBSRVNAME", settings.KerberosServiceName == "postgres" ? null : settings.KerberosServiceName);
        if (settings.SslMode >= SslMode.VerifyCA)
            variables["PGSSLROOTCERT"] = settings.RootCertificate ?? "system";
        if (settings.SslNegotiation == SslNegotiation.Direct)
            variables["PGSSLNEGOTIATION"] = "direct";
        return variables;
    }

    /// <summary>The line of a passfile that fits these settings; null where there is no password.</summary>
    public static string? PassfileLine(NpgsqlConnectionStringBuilder settings)
        => string.IsNullOrEmpty(settings.Password)
            ? null
            : string.Join(
                ':', "*", settings.Port.ToString(CultureInfo.InvariantCulture), Escape(settings.Database!), Escape(settings.Username!),
                Escape(settings.Password));

    static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);

    static string Mode(SslMode mode) => mode switch
    {
        SslMode.Disable => "disable",
        SslMode.Allow => "allow",
        SslMode.Prefer => "prefer",
        SslMode.Require => "require",
        SslMode.VerifyCA => "verify-ca",
        _ => "verify-full",
    };

    static void Add(Dictionary<string, string> variables, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            variables[name] = value;
    }
}
