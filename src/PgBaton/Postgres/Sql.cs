using Npgsql;
using NpgsqlTypes;

namespace PgBaton.Postgres;

/// <summary>The few lines that turn Npgsql's commands into one-liners, and the only place that quotes names and literals.</summary>
static class Sql
{
    /// <summary>Always quoted, so that no setting of the server and no reserved word changes what it names.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Identifier(string schema, string name) => $"{Identifier(schema)}.{Identifier(name)}";

    /// <summary>A string literal that means the same with standard_conforming_strings on and off.</summary>
    public static string Literal(string value)
    {
        var quoted = value.Replace("'", "''", StringComparison.Ordinal);
        return quoted.Contains('\\', StringComparison.Ordinal)
            ? $"E'{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}'"
            : $"'{quoted}'";
    }

    /// <summary>Returns the number of rows the command affected; -1 for a command that does not count any.</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken ct, params object?[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The only value of the only row. Fails if there is none or it is null.</summary>
    public static async Task<T> QueryValueAsync<T>(this NpgsqlConnection connection, string sql, CancellationToken ct, params object?[] parameters)
    {
        var rows = await connection.QueryAsync(sql, reader => reader.GetFieldValue<T>(0), ct, parameters);
        return rows.Count == 1 ? rows[0] : throw new InvalidOperationException($"{rows.Count} rows where one was expected: {sql}");
    }

    /// <summary>The first row, or default if there is none.</summary>
    public static async Task<T?> QueryFirstAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object?[] parameters)
    {
        var rows = await connection.QueryAsync(sql, read, ct, parameters);
        return rows.Count > 0 ? rows[0] : default;
    }

    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object?[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>
    /// Several queries without parameters in one round trip; what each returns goes to its reader, row by row. Each sees what was committed when it began,
    /// and a failure of one ends those after it.
    /// </summary>
    public static async Task QueryTogetherAsync(
        this NpgsqlConnection connection, CancellationToken ct, params IReadOnlyList<(string Sql, Action<NpgsqlDataReader> Read)> queries)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (sql, _) in queries)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        foreach (var (_, read) in queries)
        {
            while (await reader.ReadAsync(ct))
                read(reader);
            await reader.NextResultAsync(ct);
        }
    }

    /// <summary>The value of a nullable column; default where it is null.</summary>
    public static T? GetNullable<T>(this NpgsqlDataReader reader, int column)
        => reader.IsDBNull(column) ? default : reader.GetFieldValue<T>(column);

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
            command.Parameters.Add(Parameter(value));
        return command;
    }

    static NpgsqlParameter Parameter(object? value) => value switch
    {
        NpgsqlParameter parameter => parameter,
        Lsn lsn => new NpgsqlParameter { Value = lsn, NpgsqlDbType = NpgsqlDbType.PgLsn }, // Npgsql does not infer pg_lsn.
        uint oid => new NpgsqlParameter { Value = oid, NpgsqlDbType = NpgsqlDbType.Oid },
        uint[] oids when value.GetType() == typeof(uint[]) => // The runtime takes an int[] for a uint[].
            new NpgsqlParameter { Value = oids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid },
        null => new NpgsqlParameter { Value = DBNull.Value },
        _ => new NpgsqlParameter { Value = value },
    };

    /// <summary>
    /// An expression of the bytes of a text: of the same letters the same, whatever the database's encoding. Where it has none (SQL_ASCII), the bytes are all there is.
    /// </summary>
    public static string Bytes(string text)
        => $"pg_catalog.convert_to({text}, CASE pg_catalog.current_setting('server_encoding') WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END)";

    /// <summary>A parameter that the server reads as jsonb.</summary>
    public static NpgsqlParameter Json(string? json) => new() { Value = (object?)json ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };
}
