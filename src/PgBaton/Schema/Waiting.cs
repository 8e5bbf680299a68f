using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>A command that the target gets when it is opened: what would disturb the copy or the stream of changes.</summary>
/// <param name="Phase"><c>late</c>: before the fence, with the stream in step; <c>open</c>: before writers come; <c>settle</c>: afterwards, may take long.</param>
/// <param name="Description">For people.</param>
/// <param name="Command">One command.</param>
sealed record Waiting(string Phase, string Description, string Command)
{
    public const string Late = "late";

    public Task RecordAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.ExecuteAsync("INSERT INTO pgbaton.waiting (phase, description, command) VALUES ($1, $2, $3)", ct, Phase, Description, Command);
}
