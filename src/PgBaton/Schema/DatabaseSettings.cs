using System.Text.RegularExpressions;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// What ALTER DATABASE has set for everybody on the source, and ALTER ROLE … IN DATABASE for one role: the application leans on it (search_path, TimeZone, …). Set on the
/// target once it is open; where our role may not, or there is no such role, the operator is told the command.
/// </summary>
static partial class DatabaseSettings
{
    // Lists (search_path) are kept as names with commas between them, other values bare. Read-only is ours at the end of a migration.
    const string List =
        """
        SELECT pg_catalog.split_part(s.setting, '=', 1), pg_catalog.substr(s.setting, pg_catalog.strpos(s.setting, '=') + 1), o.rolname::text
          FROM pg_catalog.pg_db_role_setting r
          LEFT JOIN pg_catalog.pg_roles o ON o.oid = r.setrole
          CROSS JOIN pg_catalog.unnest(r.setconfig) AS s (setting)
         WHERE r.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
           AND s.setting NOT LIKE 'default_transaction_read_only=%'
         ORDER BY 3 NULLS FIRST, 1
        """;

    static readonly HashSet<string> _lists =
    [
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries", "temp_tablespaces",
        "unix_socket_directories",
    ];

    /// <summary>What the source has, as commands for a database of another name.</summary>
    public static async Task<List<(string Name, string Command)>> ListAsync(NpgsqlConnection source, string target, CancellationToken ct)
    {
        var settings = await source.QueryAsync(List, row => (Name: row.GetString(0), Value: row.GetString(1), Role: row.GetNullable<string>(2)), ct);
        return settings.ConvertAll(setting =>
        {
            var quoted = _lists.Contains(setting.Name) ? string.Join(", ", Names(setting.Value).Select(Sql.Literal)) : Sql.Literal(setting.Value);
            // A custom setting has a name in two parts.
            var identifier = string.Join('.', setting.Name.Split('.').Select(Sql.Identifier));
            return setting.Role is not { } role ? (setting.Name, $"ALTER DATABASE {Sql.Identifier(target)} SET {identifier} = {quoted}")
                : ($"{setting.Name} of role {Sql.Identifier(role)}", $"ALTER ROLE {Sql.Identifier(role)} IN DATABASE {Sql.Identifier(target)} SET {identifier} = {quoted}");
        });
    }

    public static async Task RecordAsync(Migration migration, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var settings = await ListAsync(source, migration.Target.Database, ct);
        await using var transaction = await target.BeginTransactionAsync(ct);
        await target.ExecuteAsync("DELETE FROM pgbaton.waiting WHERE description LIKE 'setting %'", ct);
        foreach (var (name, command) in settings)
            await new Waiting("settle", $"setting {name}", command).RecordAsync(target, ct);
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    // In a command each is a literal: the name of nothing ("") could not be written otherwise, and a list of nothing is the literal of nothing.
    static IEnumerable<string> Names(string list)
        => Name().Matches(list).Select(name => name.Value is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : name.Value)
            .DefaultIfEmpty("");

    [GeneratedRegex("""\"(?:[^"]|"")*"|[^\s,"]+""")]
    private static partial Regex Name();
}
