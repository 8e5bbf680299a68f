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

    /// <summary>Null without such a publication.</summary>
    public static async Task<PublicationState?> FindAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        var rows = await connection.QueryAsync(
            """
            SELECT p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate
                   AND pg_catalog.to_jsonb(p) ->> 'pubviaroot' IS DISTINCT FROM 'true', -- From 13 on.
                   r.oid, r.prrelid
              FROM pg_catalog.pg_publication p
              LEFT JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid
             WHERE p.pubname = $1
            """, row => (IsWhole: row.GetBoolean(0), Entry: row.GetNullable<uint?>(1), Table: row.GetNullable<uint?>(2)), ct, name);
        return rows.Count == 0 ? null : new(
            rows[0].IsWhole, rows.Where(row => row.Entry is not null).ToDictionary(row => row.Entry!.Value, row => row.Table!.Value));
    }

    /// <summary>The oids of the tables it lists; none if there is no such publication.</summary>
    public static async Task<HashSet<uint>> TablesAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => [.. (await FindAsync(connection, name, ct))?.Entries.Values ?? []];

    /// <summary>
    /// A command that lists one table more. The lock waits for whoever has written it: releases before 2025-05 decode a transaction that began
    /// before ALTER PUBLICATION, and wrote that table before and after it, with what they had cached of the table, and go on doing so.
    /// </summary>
    public static string Add(string name, string table)
        => InOneTransaction($"LOCK TABLE ONLY {table} IN SHARE ROW EXCLUSIVE MODE; ALTER PUBLICATION {Sql.Identifier(name)} ADD TABLE ONLY {table}");

    /// <summary>A command that lists one table less.</summary>
    public static string Remove(string name, string table) => InOneTransaction($"ALTER PUBLICATION {Sql.Identifier(name)} DROP TABLE ONLY {table}");

    static string InOneTransaction(string commands) => $"DO {Sql.Literal($"BEGIN {commands}; END")}";

    public static Task DropAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => connection.ExecuteAsync($"DROP PUBLICATION IF EXISTS {Sql.Identifier(name)}", ct);
}

/// <summary>What a publication is, as the server has it.</summary>
/// <param name="IsWhole">It sends every kind of change, each under the name of the partition it was made in.</param>
/// <param name="Entries">The tables it lists by the oids of its entries. A table that is put in again, or otherwise, has another entry.</param>
sealed record PublicationState(bool IsWhole, IReadOnlyDictionary<uint, uint> Entries);
