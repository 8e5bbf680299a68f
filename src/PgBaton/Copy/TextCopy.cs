using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>One table in one go, as text, in the transactions of the caller: for what is small, and has the same columns on both sides.</summary>
static class TextCopy
{
    /// <exception cref="MigrationException">PB0408: the other side refused the rows.</exception>
    /// <param name="from">The session that reads.</param>
    /// <param name="to">The session that writes.</param>
    /// <param name="table">Of that name on both sides; rows of its children are not among its own.</param>
    /// <param name="columns">Of it; what is generated is left out.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<CopyResult> RunAsync(NpgsqlConnection from, NpgsqlConnection to, Table table, IEnumerable<Column> columns, CancellationToken ct)
    {
        var sent = string.Join(", ", columns.Where(column => !column.IsGenerated).Select(column => column.QuotedName));
        try
        {
            return await CopyPipe.RunAsync(
                from, $"COPY (SELECT {sent} FROM ONLY {table}) TO STDOUT", to, $"COPY {table}{(sent.Length > 0 ? $" ({sent})" : "")} FROM STDIN", isBinary: false, ct);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or InvalidDataException)
        {
            throw Errors.CopyFailed(table.QualifiedName, failure);
        }
    }
}
