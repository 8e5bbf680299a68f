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

    /// <summary>Whether it sends every kind of change, each under the name of the partition it was made in. Null without such a publication.</summary>
    public static Task<bool?> IsWholeAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => connection.QueryFirstAsync(
            """
            SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate
                   AND pg_catalog.to_jsonb(p) ->> 'pubviaroot' IS DISTINCT FROM 'true' -- From 13 on.
              FROM pg_catalog.pg_publication p WHERE pubname = $1
            """, row => (bool?)row.GetBoolean(0), ct, name);

    /// <summary>The tables it lists by the oids of its entries; none if there is no such publication. A table that is put in again, or otherwise, has another entry.</summary>
    public static async Task<Dictionary<uint, uint>> EntriesAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => (await connection.QueryAsync(
            "SELECT r.oid, r.prrelid FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE p.pubname = $1",
            row => (Entry: row.GetFieldValue<uint>(0), Table: row.GetFieldValue<uint>(1)), ct, name)).ToDictionary(entry => entry.Entry, entry => entry.Table);

    /// <summary>The oids of the tables it lists; none if there is no such publication.</summary>
    public static async Task<HashSet<uint>> TablesAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => [.. (await EntriesAsync(connection, name, ct)).Values];

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
