using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>An object of the source as the journal holds it.</summary>
/// <param name="Command">The whole of what the target was sent.</param>
/// <param name="Drop">The opposite; may be empty.</param>
/// <param name="Table">That it belongs to, or is.</param>
/// <param name="IsMade">It stands on the target; otherwise it waits, or was decided to be left out.</param>
/// <param name="Columns">As <see cref="ArchiveEntry.Columns"/>.</param>
sealed record RecordedEntry(string Description, string Kind, string Name, string Command, string Drop, (string Schema, string Name)? Table, bool IsMade,
    IReadOnlyList<string?>? Columns = null)
{
    public static Task<List<RecordedEntry>> ListAsync(NpgsqlConnection target, CancellationToken ct)
        => target.QueryAsync(
            "SELECT description, kind, name, command, drop_command, table_schema, table_name, outcome IS NOT DISTINCT FROM 'done', columns FROM pgbaton.entry WHERE kind <> 'ROLE' ORDER BY position",
            row => new RecordedEntry(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.IsDBNull(5) ? null : (row.GetString(5), row.GetString(6)), row.GetBoolean(7),
                row.IsDBNull(8) ? null : row.GetFieldValue<string?[]>(8)),
            ct);

    /// <summary>It is that table, or a part of it such as an index.</summary>
    public bool IsOf((string Schema, string Name) table) => Table == table || (Kind == "TABLE" && Description == Describe(table));

    public static string Describe((string Schema, string Name) table) => $"TABLE {table.Schema} {table.Name}".ReplaceLineEndings(" ");
}
