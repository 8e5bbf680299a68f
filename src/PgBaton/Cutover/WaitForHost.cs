using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>
/// The operator's <c>--wait-for HOST</c>: the name by which the application finds its database. The old writer stays closed; this waits until the name leads to the
/// new one.
/// </summary>
static class WaitForHost
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);

    /// <summary>That it does not lead there in time is a warning: the decision has been made.</summary>
    public static async Task RunAsync(Migration migration, string? host, CancellationToken ct)
    {
        if (host is null)
            return;
        var server = migration.Direction.Subscriber;
        var started = migration.Time.GetTimestamp();
        var isTold = false;
        while (true)
        {
            var why = await WhyNotAsync(server, host, ct);
            if (why is null)
            {
                migration.Report(new Notice($"{host} leads to the {server.Name}"));
                return;
            }

            if (migration.Time.GetElapsedTime(started) > _patience)
            {
                migration.Report(new Warning(
                    "PB0803", $"{host} does not lead to the {server.Name} after {_patience.TotalMinutes:0} minutes: {why}",
                    $"The {server.Name} is open and is the writer. Point the name, or the application, at {server.Address}."));
                return;
            }

            if (!isTold)
                migration.Report(new Notice($"waiting until {host} leads to the {server.Name}: {why}"));
            isTold = true;
            await Task.Delay(_interval, migration.Time, ct);
        }
    }

    // Null if it is the very database. Without our own settings, which a pooler would refuse.
    static async Task<string?> WhyNotAsync(Server server, string host, CancellationToken ct)
    {
        var settings = server.Settings;
        var colon = host.LastIndexOf(':');
        var hasPort = colon > 0 && host.IndexOf(':', StringComparison.Ordinal) == colon;
        (settings.Host, settings.Port) = hasPort && int.TryParse(host[(colon + 1)..], out var port) ? (host[..colon], port) : (host, server.Port);
        (settings.Options, settings.Timeout, settings.Pooling) = (null, 3, false);
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(ct);
            return (await ServerIdentity.ReadAsync(connection, ct)).IsSameDatabase(server.Identity) ? null : "another database answers there";
        }
        catch (Exception failure) when (failure is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
        {
            return (failure as PostgresException)?.MessageText ?? failure.Message;
        }
    }
}
