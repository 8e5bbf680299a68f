using Npgsql;

namespace PgBaton.Postgres;

/// <summary>Publications and slots of ours on a server.</summary>
static class Publication
{
    /// <summary>
    /// Lists every table by name, with ONLY, and every leaf partition: with only the root published, DETACH, INSERT, ATTACH would lose rows.
    /// </summary>
    public static async Task CreateAsync(NpgsqlConnection connection, string name, IReadOnlyCollection<string> tables, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await DropAsync(connection, name, ct);
        var list = tables.Count == 0 ? "" : $" FOR TABLE {string.Join(", ", tables.Select(table => $"ONLY {table}"))}";
        await connection.ExecuteAsync($"CREATE PUBLICATION {Sql.Identifier(name)}{list} WITH (publish = 'insert, update, delete, truncate')", ct);
        await transaction.CommitAsync(ct);
    }

    public static Task DropAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => connection.ExecuteAsync($"DROP PUBLICATION IF EXISTS {Sql.Identifier(name)}", ct);
}
