using Npgsql;
using Npgsql.Replication;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>By doing it: a replication connection, and a temporary slot on it, which goes with the connection whatever happens to us.</summary>
sealed class ReplicationWorks() : Check(
    "PB1023", "replication", "May we open a replication connection to the source and make a slot?", "a replication connection and a temporary slot could be made",
    onlyBefore: true, onlyFollowing: true)
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (WhyNotAsked(servers.Source.Facts) is { } why)
            return [Notice($"not tried: {why}", "Ask again when that is mended.")];
        var server = servers.Source.Server;
        try
        {
            await using var replication = await server.OpenReplicationAsync("check", ct);
            await SlotCreation.CreateAsync(
                server, replication, $"pgbaton_check_{Guid.NewGuid():n}", temporary: true, LogicalSlotSnapshotInitMode.NoExport,
                new Patience(_patience, TimeProvider.System), ct);
            return [];
        }
        catch (MigrationException waited) when (waited.Code == "PB0401")
        {
            return [Warning("a slot cannot be made at once: transactions stay open", waited.Detail, waited.Hint)];
        }
        catch (Exception refused) when (SaidBy(refused) is not null)
        {
            return [Explain(servers.Source, SaidBy(refused)!)];
        }
    }

    static PostgresException? SaidBy(Exception refused) => refused as PostgresException ?? (refused as MigrationException)?.InnerException as PostgresException;

    static string? WhyNotAsked(ServerFacts facts)
        => facts.WalLevel != "logical" ? "wal_level is not logical (PB1020)"
            : facts.IsInRecovery ? "the source is a standby (PB1012)"
            : facts.Slots >= facts.Number("max_replication_slots") ? "no replication slot is free (PB1021)"
            : facts.Senders >= facts.Number("max_wal_senders") ? "no walsender is free (PB1022)"
            : null;

    Finding Explain(CheckedServer source, PostgresException failure)
    {
        var server = source.Server;
        var role = Sql.Identifier(server.User);
        var said = $"The server says: {failure.MessageText} (SQLSTATE {failure.SqlState}).";
        if (failure.MessageText.Contains("output plugin", StringComparison.Ordinal))
            return Blocker(
                "the source does not let pgoutput be used", said, "Add pgoutput to output_plugin_libraries and reload.", "pgoutput");
        return failure.SqlState switch
        {
            "42501" => Blocker(
                $"role {role} has no replication right on the source", said,
                source.Provider.GrantReplication(role), role),
            "28000" => Blocker(
                $"the source does not let role {role} open a replication connection", said,
                $"Add a line to pg_hba.conf and reload: hostssl {server.Database} {server.User} <this machine>/32 scram-sha-256", role),
            _ => Blocker(
                "a replication connection or a slot could not be made on the source", said,
                "Connect directly and not through a pooler or proxy; see the server's log.", server.Address),
        };
    }
}
