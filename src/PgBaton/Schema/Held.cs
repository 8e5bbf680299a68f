using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Something that would disturb the copy or the stream of changes, and acts.</summary>
/// <param name="Description">For people; its first words say of which kind it is.</param>
/// <param name="Command">Keeps it from acting; again does no harm.</param>
/// <param name="Releases">Let it act again.</param>
sealed record Held(string Schema, string Name, string Description, string Command, IReadOnlyList<Waiting> Releases)
{
    static readonly string[] _kinds = ["identity of ", "forced row security of ", "trigger ", "rule ", "constraint ", "event trigger "];

    /// <summary>Of all that waits: one of these, not a command of <c>pgbaton.entry</c> or of a setting.</summary>
    public static bool IsOne(string description) => Array.Exists(_kinds, kind => description.StartsWith(kind, StringComparison.Ordinal));

    /// <summary>Identities ALWAYS, forced row security, triggers and rules of tables in scope.</summary>
    /// <param name="connection">To either side.</param>
    /// <param name="scope">Which tables.</param>
    /// <param name="canSetReplicaRole">Whoever writes may: what fires on the origin only does not disturb then.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<List<Held>> OfTablesAsync(NpgsqlConnection connection, Scope scope, bool canSetReplicaRole, CancellationToken ct)
        => (await connection.QueryAsync(
            Query.Holds,
            row => new Held(row.GetString(0), row.GetString(1), row.GetString(4), row.GetString(5), [new("open", row.GetString(4), row.GetString(6))]),
            ct, canSetReplicaRole)).FindAll(held => scope.Includes(held.Schema, held.Name));

    /// <summary>CHECK constraints that call functions of users, of tables and domains that this migration made.</summary>
    /// <param name="connection">To either side.</param>
    /// <param name="target">With the journal.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<List<Held>> OfChecksAsync(NpgsqlConnection connection, NpgsqlConnection target, CancellationToken ct)
    {
        var ours = await MadeAsync(target, ["TABLE", "DOMAIN"], ct);
        return (await connection.QueryAsync(Query.FunctionChecks, Check, ct)).FindAll(held => IsOurs("TABLE", held) || IsOurs("DOMAIN", held));

        bool IsOurs(string kind, Held held) => ours.Contains($"{kind} {held.Schema} {held.Name}".ReplaceLineEndings(" "));
    }

    /// <summary>Event triggers that this migration made. Others belong to the target.</summary>
    /// <inheritdoc cref="OfChecksAsync"/>
    public static async Task<List<Held>> OfEventsAsync(NpgsqlConnection connection, NpgsqlConnection target, CancellationToken ct)
    {
        var ours = await MadeAsync(target, ["EVENT TRIGGER"], ct);
        return ours.Count == 0 ? []
            : (await connection.QueryAsync(Query.EventTriggers, Event, ct)).FindAll(held => ours.Contains($"EVENT TRIGGER {held.Name}".ReplaceLineEndings(" ")));
    }

    static Held Check(NpgsqlDataReader row)
    {
        var description = row.GetString(2);
        var open = new Waiting("open", description, row.GetString(4));
        return new(
            row.GetString(0), row.GetString(1), description, row.GetString(3),
            row.GetNullable<string>(5) is { } validate ? [open, new("settle", description, validate)] : [open]);
    }

    static Held Event(NpgsqlDataReader row)
    {
        var description = $"event trigger {Sql.Identifier(row.GetString(0))}";
        return new("", row.GetString(0), description, row.GetString(1), [new("open", description, row.GetString(2))]);
    }

    static async Task<HashSet<string>> MadeAsync(NpgsqlConnection target, string[] kinds, CancellationToken ct)
        => [.. await target.QueryAsync(
            "SELECT description FROM pgbaton.entry WHERE kind = ANY ($1) AND outcome = 'done'", row => row.GetString(0), ct, (object)kinds)];
}
