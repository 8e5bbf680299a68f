using System.Text.Json;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton;

/// <summary>Which migration a journal belongs to: the two databases, the name, and the options that may not change between runs.</summary>
sealed record JournalHeader(Server Source, Server Target, MigrationOptions Options)
{
    /// <summary>The default name: the source database's, and six hex digits that tell pairs apart on one server.</summary>
    public string DefaultName
    {
        get
        {
            var pair = $"{Source.Identity.SystemIdentifier}/{Source.Identity.DatabaseOid}/{Target.Identity.SystemIdentifier}/{Target.Identity.DatabaseOid}";
            var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(pair));
            var readable = string.Concat(Source.Database.ToLowerInvariant().Where(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_').Take(40));
            return $"{readable}_{Convert.ToHexStringLower(hash)[..6]}";
        }
    }

    public Task WriteAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.ExecuteAsync(
            "INSERT INTO pgbaton.migration (name, source, target, scope) VALUES ($1, $2, $3, $4)", ct,
            Options.Name ?? DefaultName,
            Sql.Json(JsonSerializer.Serialize(JournalServer.Of(Source), PgBatonJson.Journal.JournalServer)),
            Sql.Json(JsonSerializer.Serialize(JournalServer.Of(Target), PgBatonJson.Journal.JournalServer)),
            Sql.Json(JsonSerializer.Serialize(JournalScope.Of(Options), PgBatonJson.Journal.JournalScope)));

    /// <summary>Returns the recorded name. What is recorded must be what this process was given.</summary>
    /// <exception cref="MigrationException">PB0203: other databases or another name. PB0207: another scope.</exception>
    public async Task<string> CompareAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var (name, source, scope) = await connection.QueryFirstAsync(
            "SELECT name, source::text, scope::text FROM pgbaton.migration", row => (row.GetString(0), row.GetString(1), row.GetString(2)), ct);
        if (Options.Name is { } given && given != name)
            throw Errors.OtherMigration(name, $"This process was given the name \"{given}\".");
        var recorded = JsonSerializer.Deserialize(source, PgBatonJson.Default.JournalServer)!;
        if (recorded.SystemIdentifier != Source.Identity.SystemIdentifier || recorded.DatabaseOid != Source.Identity.DatabaseOid)
            throw Errors.OtherMigration(name, $"Its source is {recorded.Address} (system identifier {recorded.SystemIdentifier}), this one is {Source.Address} (system identifier {Source.Identity.SystemIdentifier}).");
        JournalScope.Of(Options).MustEqual(JsonSerializer.Deserialize(scope, PgBatonJson.Default.JournalScope)!);
        return name;
    }

    /// <summary>The operator has taken tables along, or given some up.</summary>
    public static async Task<bool> WriteScopeAsync(NpgsqlConnection connection, JournalScope scope, long epoch, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            "UPDATE pgbaton.migration SET scope = $1", ct, Sql.Json(JsonSerializer.Serialize(scope, PgBatonJson.Journal.JournalScope)));
        await JournalEpoch.CheckAsync(connection, epoch, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>What the migration began with.</summary>
    public static async Task<JournalScope?> ReadScopeAsync(NpgsqlConnection connection, CancellationToken ct)
        => JsonSerializer.Deserialize(
            await connection.QueryValueAsync<string>("SELECT scope::text FROM pgbaton.migration", ct), PgBatonJson.Default.JournalScope);
}
