using PgBaton.Postgres;

namespace PgBaton;

static partial class Errors
{
    /// <summary>All of them end alike: what psql cannot do with the same string, pgbaton cannot do.</summary>
    static MigrationException CannotConnect(
        string code, Side side, string address, string user, string why, string? hint, Exception inner) => new(
        code, ExitCode.Failed,
        $"cannot connect to the {Name(side)} {address} as {user}: {why}",
        detail: inner is Npgsql.PostgresException server ? $"The server says: {server.MessageText} (SQLSTATE {server.SqlState})." : Sentence(Innermost(inner).Message),
        hint: hint, about: address, inner: inner);

    public static MigrationException Unreachable(Side side, string address, string user, Exception inner) => CannotConnect(
        "PB0101", side, address, user, "nothing answers there",
        "Check host and port, that the server is running and listens on that address, and that no firewall or allow-list stands "
        + "between.", inner);

    public static MigrationException UnknownHost(Side side, string address, string user, Exception inner) => CannotConnect(
        "PB0103", side, address, user, "no such host",
        "Check the spelling of the host. Some providers give an address of IPv6 only: this machine then needs IPv6, or the provider an "
        + "IPv4 add-on.", inner);

    public static MigrationException PasswordRefused(
        Side side, string address, string user, bool hasPassword, string? warning, Exception inner) => CannotConnect(
        "PB0104", side, address, user, hasPassword ? "the password is refused" : "the server wants a password and none was given",
        $"{(warning is null ? "" : $"Note that {warning}. ")}Give the password in the connection string, in PGPASSWORD or in ~/.pgpass "
        + "(mode 0600); in a URI write / ? # @ : % as %2F %3F %23 %40 %3A %25.",
        inner);

    public static MigrationException NoSuchDatabase(
        Side side, string address, string user, string database, Exception inner) => CannotConnect(
        "PB0105", side, address, user, $"there is no database \"{database}\"",
        side == Side.Target
            ? "Check the name, which is case-sensitive; make an empty database with CREATE DATABASE if there is none yet."
            : "Check the name, which is case-sensitive; psql -l lists those of the server.", inner);

    public static MigrationException NotLetIn(Side side, string address, string user, Exception inner) => CannotConnect(
        "PB0106", side, address, user, "the server does not let this user in",
        "Check pg_hba.conf (or the provider's allow-list) for this host, user, database and sslmode; that the role exists and has "
        + "LOGIN; and its CONNECT privilege on the database.",
        inner);

    public static MigrationException NotSecure(Side side, string address, string user, Exception inner) => CannotConnect(
        "PB0107", side, address, user, "the connection cannot be encrypted or proven as asked",
        "Check sslmode, sslrootcert, channel_binding and require_auth: verify-full needs a certificate for this very host name, signed by a root in "
        + "sslrootcert (sslrootcert=system: the system's); a server without TLS can only be reached with sslmode=disable or prefer.",
        inner);

    public static MigrationException NoAnswer(Side side, string address, string user, int seconds, Exception inner) => CannotConnect(
        "PB0108", side, address, user, $"no answer within {seconds} s",
        "A firewall or an allow-list that drops packets looks like this. A server that sleeps when idle may need longer to wake up: "
        + "connect_timeout=60.", inner);

    public static MigrationException NoConnectionLeft(Side side, string address, string user, Exception inner) => CannotConnect(
        "PB0109", side, address, user, "no connection is left",
        "End sessions that are not needed, raise max_connections, or lift the connection limit of the role or the database (ALTER ROLE "
        + "… CONNECTION LIMIT).", inner);

    public static MigrationException NotReady(Side side, string address, string user, Exception inner) => CannotConnect(
        "PB0110", side, address, user, "the server is not ready", "It is starting up, shutting down or recovering. Try again when it is up.", inner);

    public static MigrationException NoSuchServer(Side side, string hosts, string wanted) => new(
        "PB0111", ExitCode.Failed,
        $"none of the servers of the {Name(side)} {hosts} is what target_session_attrs={wanted} asks for",
        hint: "Name the host of the primary, or leave target_session_attrs out.", about: hosts);

    public static MigrationException SettingsRefused(Side side, string address, string user, Exception inner) => CannotConnect(
        "PB0112", side, address, user, "the endpoint refuses settings at the start of a session",
        "A connection pooler does so. Give the direct endpoint: without \"-pooler\" in the host, or port 5432 instead of 6432 or "
        + "6543.", inner);

    /// <summary>As the source's failure is, with the target's beside it: both strings can be mended at once.</summary>
    public static MigrationException NeitherAnswers(MigrationException source, MigrationException target) => new(
        source.Code, source.ExitCode, source.Message, $"{source.Detail} Neither does the target answer: {Sentence(target.Message)}".TrimStart(), source.Hint, source.About, source.InnerException);

    static Exception Innermost(Exception failure) => failure.InnerException is { } inner ? Innermost(inner) : failure;

    static string Sentence(string text) => text.TrimEnd().EndsWith('.') ? text : $"{text}.";
}
