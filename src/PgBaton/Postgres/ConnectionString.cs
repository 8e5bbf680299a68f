using Npgsql;

namespace PgBaton.Postgres;

/// <summary>
/// A connection string as libpq takes it: a URI (<c>postgresql://user@host/db?sslmode=require</c>) or keywords (<c>host=… dbname=…</c>).
/// </summary>
sealed class ConnectionString
{
    readonly NpgsqlConnectionStringBuilder _settings;

    ConnectionString(NpgsqlConnectionStringBuilder settings) => _settings = settings;

    /// <exception cref="MigrationException">PB0001: it is not of either form.</exception>
    public static ConnectionString Parse(Side side, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            throw Errors.MalformedConnectionString(side, "it does not begin with postgresql://");

        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        return new ConnectionString(settings);
    }

    /// <summary>Pooling off, no command timeout, and the rest as the string says.</summary>
    public NpgsqlConnectionStringBuilder ToNpgsql() => new(_settings.ConnectionString)
    {
        Pooling = false,
        CommandTimeout = 0,
        Timeout = 15,
        MaxAutoPrepare = 0,
    };
}
