using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class SourceWritable() : Check(
    "PB1016", "server", "Is the source in use, and not locked?", "the source is not locked against writes")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
        => await ReadOnlySessions.FixAsync(servers.Source, ct) is { } fix
            ?
            [
                Warning(
                    "sessions on the source are read-only unless they ask for more (default_transaction_read_only)",
                    "A finished migration leaves its old source like that: is this the database that is in use today?",
                    fix, Sql.Identifier(servers.Source.Server.Database)),
            ]
            : [];
}
