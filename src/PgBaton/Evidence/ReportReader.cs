using System.Text.Json;
using Npgsql;
using PgBaton.Postgres;
using PgBaton.Status;
using PgBaton.Verify;

namespace PgBaton.Evidence;

/// <summary>Reads a report out of the journal, in one snapshot, without being the engine and without waiting for it.</summary>
static class ReportReader
{
    /// <exception cref="MigrationException">PB0206: there is no journal.</exception>
    public static async Task<MigrationReport> ReadAsync(MigrationOptions options, CancellationToken ct)
    {
        var status = await Migration.StatusAsync(options, ct);
        var target = ConnectionString.Parse(Side.Target, options.Target);
        await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
        if (!await JournalReader.ExistsAsync(connection, target.Display, ct))
            throw Errors.NoMigration(target.Display);

        await connection.ExecuteAsync("SET statement_timeout = 0", ct); // A long migration has many events.
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var (happened, lag) = Part(await EventsAsync(connection, ct));
        var header = await connection.QueryFirstAsync(
            "SELECT name, source::text, target::text, scope::text, created_at, now() FROM pgbaton.migration",
            row => (Name: row.GetString(0), Source: Server(row.GetString(1)), Target: Server(row.GetString(2)), Scope: row.GetString(3),
                CreatedAt: row.GetFieldValue<DateTimeOffset>(4), Now: row.GetFieldValue<DateTimeOffset>(5)), ct);
        return new MigrationReport(
            header.Name, typeof(ReportReader).Assembly.GetName().Version!.ToString(3), header.Now, header.CreatedAt, header.Source, header.Target, header.Scope, status,
            await StepsAsync(connection, ct), await TablesAsync(connection, ct), await VerificationsAsync(connection, ct),
            await ObjectsAsync(connection, ct), await RefusedAsync(connection, ct), lag, happened);
    }

    /// <summary>The lag alone; empty without a journal.</summary>
    public static async Task<IReadOnlyList<ReportedLag>> LagAsync(MigrationOptions options, CancellationToken ct)
    {
        var target = ConnectionString.Parse(Side.Target, options.Target);
        await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
        return !await JournalReader.ExistsAsync(connection, target.Display, ct) ? []
            : await connection.QueryAsync(
                "SELECT at, (event->>'bytes')::bigint, (event->>'seconds')::float8 FROM pgbaton.event WHERE event->>'event' = 'lag' ORDER BY seq",
                row => new ReportedLag(row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(1), row.GetDouble(2)), ct);
    }

    // A report is passed on: values that somebody asked a verification for stay in the journal.
    static async Task<IReadOnlyList<TableVerification>> VerificationsAsync(NpgsqlConnection connection, CancellationToken ct)
        => [.. (await VerificationJournal.ReadAsync(connection, ct)).Select(
            table => table with { Differences = [.. table.Differences.Select(row => row with { Values = null })] })];

    static ReportedServer Server(string json)
    {
        var server = JsonSerializer.Deserialize(json, PgBatonJson.Default.JournalServer)!;
        return new ReportedServer(server.Address, server.Version);
    }

    static async Task<IReadOnlyList<ReportedStep>> StepsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var begun = await connection.QueryAsync(
            "SELECT name, started_at, done_at FROM pgbaton.step",
            row => new ReportedStep(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetNullable<DateTimeOffset?>(2)), ct);
        return [.. Migration.Steps.SelectMany(step => begun.Where(reported => reported.Name == step.Name))];
    }

    static async Task<IReadOnlyList<ReportedTable>> TablesAsync(NpgsqlConnection connection, CancellationToken ct)
        => await connection.QueryAsync(
            """
            SELECT r.schema, r.name, r.rows,
                   coalesce(r.bytes, (SELECT sum(p.bytes)::bigint FROM pgbaton.part p WHERE p.relation = r.oid AND p.generation = r.generation AND p.done_at IS NOT NULL)),
                   r.seconds
            FROM pgbaton.relation r ORDER BY r.schema COLLATE pg_catalog."C", r.name COLLATE pg_catalog."C"
            """,
            row => new ReportedTable(
                Sql.Identifier(row.GetString(0), row.GetString(1)), row.GetNullable<long?>(2), row.GetNullable<long?>(3), row.GetNullable<double?>(4)), ct);

    static async Task<IReadOnlyList<ReportedObjects>> ObjectsAsync(NpgsqlConnection connection, CancellationToken ct)
        => await connection.QueryAsync(
            "SELECT kind, outcome, count(*) FROM pgbaton.entry GROUP BY kind, outcome ORDER BY kind, outcome",
            row => new ReportedObjects(row.GetString(0), row.GetNullable<string>(1), row.GetInt64(2)), ct);

    static async Task<IReadOnlyList<string>> RefusedAsync(NpgsqlConnection connection, CancellationToken ct)
        => await connection.QueryAsync(
            "SELECT description || ': ' || coalesce(message, '') FROM pgbaton.entry WHERE outcome = 'harmless' ORDER BY position", row => row.GetString(0), ct);

    static Task<List<ReportedEvent>> EventsAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            "SELECT at, epoch, event::text FROM pgbaton.event ORDER BY seq",
            row => new ReportedEvent(row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(1), JournalTail.Read(row.GetString(2))), ct);

    static (List<ReportedEvent> Happened, List<ReportedLag> Lag) Part(List<ReportedEvent> events) => (
        events.FindAll(reported => reported.Happened is not LagMeasured),
        [.. from reported in events
            let lag = reported.Happened as LagMeasured
            where lag is not null
            select new ReportedLag(reported.At, lag.Bytes, lag.Seconds)]);
}
