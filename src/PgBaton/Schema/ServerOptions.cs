using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>A foreign server that got other options: it cannot be dropped and made anew while foreign tables and user mappings stand on it.</summary>
static class ServerOptions
{
    // Kept as name=value.
    const string List =
        """
        SELECT pg_catalog.split_part(o.setting, '=', 1), pg_catalog.substr(o.setting, pg_catalog.strpos(o.setting, '=') + 1)
          FROM pg_catalog.pg_foreign_server s CROSS JOIN pg_catalog.unnest(s.srvoptions) AS o (setting)
         WHERE s.srvname = $1
         ORDER BY 1
        """;

    /// <summary>Null: its options are the same.</summary>
    public static async Task<SchemaChange?> ExplainAsync(ObjectDifference difference, string name, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var here = await ReadAsync(source, name, ct);
        var there = await ReadAsync(target, name, ct);
        string[] actions =
        [
            .. there.Keys.Except(here.Keys).Select(option => $"DROP {Sql.Identifier(option)}"),
            .. here.Where(option => there.TryGetValue(option.Key, out var was) && was != option.Value).Select(option => $"SET {Sql.Identifier(option.Key)} {Sql.Literal(option.Value)}"),
            .. here.Where(option => !there.ContainsKey(option.Key)).Select(option => $"ADD {Sql.Identifier(option.Key)} {Sql.Literal(option.Value)}"),
        ];
        return actions.Length == 0 ? null
            : new(difference.Object, $"{difference.What}: it has other options", [$"ALTER SERVER {Sql.Identifier(name)} OPTIONS ({string.Join(", ", actions)});"], difference.Was, difference.Now)
            {
                Otherwise = [.. difference.Commands],
            };
    }

    static async Task<Dictionary<string, string>> ReadAsync(NpgsqlConnection side, string name, CancellationToken ct)
        => (await side.QueryAsync(List, row => (Name: row.GetString(0), Value: row.GetString(1)), ct, name)).ToDictionary(option => option.Name, option => option.Value);
}
