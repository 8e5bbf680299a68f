using PgBaton.Postgres;
using PgBaton.Status;

namespace PgBaton;

/// <summary>The newest comparison of one table.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Rows">On the source.</param>
/// <param name="IsEqual">Rows are the same multiset of the same bytes on both sides.</param>
/// <param name="Lsn">The logical point both sides were read at; null where there was none.</param>
/// <param name="At">When.</param>
public sealed record VerifiedTable(string Table, long Rows, bool IsEqual, string? Lsn, DateTimeOffset At)
{
    internal static async Task<IReadOnlyList<VerifiedTable>> ListAsync(MigrationOptions options, CancellationToken ct)
    {
        var target = ConnectionString.Parse(Side.Target, options.Target);
        await using var connection = await StatusSession.OpenAsync(Side.Target, target, ct);
        if (!await JournalReader.ExistsAsync(connection, target.Display, ct))
            return [];
        return await connection.QueryAsync<VerifiedTable>(
            "SELECT schema, name, rows, equal, lsn::text, at FROM pgbaton.verification ORDER BY schema, name",
            row => new(
                Sql.Identifier(row.GetString(0), row.GetString(1)), row.GetInt64(2), row.GetBoolean(3), row.GetNullable<string>(4),
                row.GetFieldValue<DateTimeOffset>(5)),
            ct);
    }
}
