using PgBaton.Postgres;
using PgBaton.Schema;

namespace PgBaton.Preflight;

/// <summary>A pg_dump older than the source cannot read it.</summary>
sealed class DumpProgram() : Check(NoDump, "target", "Is there a pg_dump that can read the source?", "pg_dump can read the source",
    onlyBefore: true)
{
    public const string NoDump = "PB1085";

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.ExistingSchema)
            return [Fine("no pg_dump is needed: the tables are there already")];
        try
        {
            var program = await ClientProgram.FindAsync(servers.Options, servers.Source.Version, ct);
            return servers.Has(Needs.Target) && program.Major < servers.Target.Server.Version.Major
                ? [OlderThanTarget(program, servers.Target.Server.Version)]
                : [Fine($"pg_dump {program.Version} can read the source", program.Path)];
        }
        catch (MigrationException refusal) when (refusal.Code is "PB0301" or "PB0302")
        {
            return [Blocker(refusal.Message, $"{refusal.Detail} pg_dump reads the source's schema.", refusal.Hint, refusal.About)];
        }
    }

    Finding OlderThanTarget(ClientProgram program, ServerVersion target) => Warning(
        $"pg_dump {program.Version} cannot read the target, which runs {target}",
        "The migration goes on without it, but what became of each definition cannot be compared: not after the copy, not before a rollback.",
        $"Install the client programs of PostgreSQL {target.Major}; if they are nowhere on PATH: --pg-bin FOLDER", program.Path);
}
