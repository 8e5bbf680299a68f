using System.Diagnostics;
using Npgsql;
using PgBaton.Catalog;

namespace PgBaton.Preflight;

/// <summary>
/// By doing it: one row of each table is read by COPY, as the copy reads it, with <c>row_security = off</c>. The largest come first; where there are very
/// many, it ends after a second.
/// </summary>
sealed class OneRow() : Check(
    "PB1046", "privileges", "Can a row of each table be copied out?", "a row of each table could be copied out", onlyBefore: true)
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        // What may not be read by its privileges and policies is told by other checks.
        var tables = servers.Tables.Where(table => table.MayUseSchema && table.MaySelect && !table.HidesRows).OrderByDescending(table => table.Table.Bytes).ToList();
        var columns = await Column.ListAsync(servers.Source.Connection, tables.Select(table => table.Table.Oid), ct);
        var began = Stopwatch.GetTimestamp();
        var (findings, asked) = (new List<Finding>(), 0);
        await using var session = await servers.Source.Server.OpenNewAsync("check", ct, $"{TableLock.Short} -c statement_timeout={_patience.TotalMilliseconds:0}");
        foreach (var table in tables.TakeWhile(_ => Stopwatch.GetElapsedTime(began) < _patience))
        {
            if (await TryAsync(session, table, columns[table.Table.Oid], ct) is { } finding)
                findings.Add(finding);
            asked++;
        }

        if (findings.Count == 0 && asked < tables.Count)
            findings.Add(Fine($"a row of each of the {asked} largest tables could be copied out; for the other {tables.Count - asked} there was no time"));
        return findings;
    }

    async Task<Finding?> TryAsync(NpgsqlConnection session, CheckedTable table, IEnumerable<Column> columns, CancellationToken ct)
    {
        var names = string.Join(", ", columns.Where(column => !column.IsGenerated).Select(column => column.QuotedName));
        try
        {
            using var row = await session.BeginTextExportAsync($"COPY (SELECT {names} FROM ONLY {table.Name} LIMIT 1) TO STDOUT", ct);
            var buffer = new char[8192];
            while (await row.ReadAsync(buffer, ct) > 0)
            {
            }

            return null;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled)
        {
            return null; // Altered just now, or so full of dead rows that the first living one is far: nothing is known.
        }
        catch (PostgresException failure)
        {
            return Blocker(
                $"no row of table {table.Name} can be copied out", $"The server says: {failure.MessageText} (SQLSTATE {failure.SqlState}). The copy would stop there.",
                $"Mend the table, or leave it out: -T {table.Table.Schema}.{table.Table.Name}", table.Name);
        }
    }
}
