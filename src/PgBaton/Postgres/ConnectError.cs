using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;

namespace PgBaton.Postgres;

/// <summary>Tells apart why a connection could not be made, since each reason has another way out.</summary>
static class ConnectError
{
    /// <summary>It comes from connecting; not from our own end of patience.</summary>
    public static bool Is(Exception failure, CancellationToken ct)
        => !ct.IsCancellationRequested
            && failure is NpgsqlException or SocketException or TimeoutException or IOException or AuthenticationException or CryptographicException or ArgumentException;

    public static MigrationException Explain(Side side, ConnectionString connectionString, ConnectionHost host, Exception failure)
    {
        var (address, user) = ($"{host}/{connectionString.Database}", connectionString.User);
        if (Find<PostgresException>(failure) is { } server)
            return OfServer(side, address, connectionString, server);
        if (Find<AuthenticationException>(failure) is not null || Find<CryptographicException>(failure) is not null || IsAboutSecurity(failure))
            return Errors.NotSecure(side, address, user, failure);
        if (Find<SocketException>(failure) is { } socket)
            return socket.SocketErrorCode switch
            {
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => Errors.UnknownHost(side, address, user, failure),
                SocketError.TimedOut => Errors.NoAnswer(side, address, user, connectionString.Settings[0].Timeout, failure),
                _ => Errors.Unreachable(side, address, user, failure),
            };
        if (Find<TimeoutException>(failure) is not null)
            return Errors.NoAnswer(side, address, user, connectionString.Settings[0].Timeout, failure);
        return IsAboutPassword(failure)
            ? Errors.PasswordRefused(side, address, user, hasPassword: false, Warning(connectionString), failure)
            : Errors.Unreachable(side, address, user, failure);
    }

    static MigrationException OfServer(Side side, string address, ConnectionString connectionString, PostgresException server)
    {
        var user = connectionString.User;
        return server.SqlState switch
        {
            "28P01" => Errors.PasswordRefused(side, address, user, connectionString.HasPassword, Warning(connectionString), server),
            "3D000" => Errors.NoSuchDatabase(side, address, user, connectionString.Database, server),
            "28000" or "42501" => Errors.NotLetIn(side, address, user, server),
            "53300" => Errors.NoConnectionLeft(side, address, user, server),
            "57014" => Errors.NoAnswer(side, address, user, connectionString.Settings[0].Timeout, server), // Our own limit for a first query.
            "57P01" or "57P02" or "57P03" or "57P05" => Errors.NotReady(side, address, user, server),
            "08P01" when server.MessageText.Contains("startup", StringComparison.OrdinalIgnoreCase) => Errors.SettingsRefused(side, address, user, server),
            _ => Errors.NotLetIn(side, address, user, server),
        };
    }

    // Npgsql has no types for these; the words are those of version 10, held by tests.
    static bool IsAboutPassword(Exception failure) => failure.Message.Contains("No password has been provided", StringComparison.Ordinal);

    static bool IsAboutSecurity(Exception failure)
        => failure.Message.Contains("SSL", StringComparison.Ordinal) || failure.Message.Contains("ChannelBinding", StringComparison.Ordinal)
            || failure.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            || failure.Message.Contains("authentication method is not allowed", StringComparison.Ordinal); // require_auth, or what channel_binding=require asks for.

    static string? Warning(ConnectionString connectionString) => connectionString.Warnings is [var first, ..] ? first : null;

    static T? Find<T>(Exception? failure) where T : Exception
        => failure is null ? null : failure as T ?? Find<T>(failure.InnerException);
}
