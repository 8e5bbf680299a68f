using System.Data;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>By doing it: connections that a reader's endpoint or a balancer spreads over several servers do not share a snapshot.</summary>
sealed class SharedSnapshot() : Check(
    "PB1036", "replication", "Do several connections to the source see one snapshot?", "several connections to the source share a snapshot", onlyBefore: true)
{
    const int Others = 2;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var server = servers.Source.Server;
        await using var transaction = await servers.Source.Connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var snapshot = await servers.Source.Connection.QueryValueAsync<string>("SELECT pg_catalog.pg_export_snapshot()", ct);
        for (var i = 0; i < Others; i++)
        {
            await using var other = await server.OpenAsync("check", ct);
            await using var import = await other.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
            try
            {
                await other.ExecuteAsync($"SET TRANSACTION SNAPSHOT {Sql.Literal(snapshot)}", ct);
            }
            catch (PostgresException failure)
            {
                return
                [
                    Blocker(
                        $"a snapshot of one connection to the source {server.Address} cannot be used by another", $"The server says: {failure.MessageText}. The address seems to lead to several servers.",
                        "Give the endpoint of the primary (writer) itself, not one that spreads connections.", server.Address),
                ];
            }
        }

        return [];
    }
}
