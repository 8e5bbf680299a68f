using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Functions written in C live in files of the server, which no dump holds.</summary>
sealed class Libraries() : Check(
    "PB1065", "target", "Has the target the libraries of functions written in C?", "the target has the libraries of functions written in C",
    needs: Needs.Both, onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.ExistingSchema || !servers.Target.Facts.IsSuperuser)
            return []; // Only a superuser may make them; PB1056 tells.
        var functions = await servers.Source.Connection.QueryAsync(
            """
            SELECT p.probin::text, p.oid::pg_catalog.regprocedure::text
              FROM pg_catalog.pg_proc p
              JOIN pg_catalog.pg_language l ON l.oid = p.prolang
             WHERE l.lanname = 'c'
               AND p.oid >= 16384 -- not initdb's
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
             ORDER BY 1, 2
            """,
            row => (Library: row.GetString(0), Name: row.GetString(1)), ct);
        var findings = new List<Finding>();
        foreach (var library in functions.GroupBy(function => function.Library, function => function.Name))
        {
            if (await RefusalAsync(servers.Target.Server, library.Key, ct) is { } refusal)
                findings.Add(Blocker(
                    $"library {library.Key} cannot be loaded by the target: {refusal}", $"Needed by {Listing.Of([.. library])}.",
                    "Install it on the target, in the version for that server; or drop the functions on the source, with what stands on them.", library.Key));
        }

        return findings;
    }

    // In a session of its own, which ends with what was loaded.
    static async Task<string?> RefusalAsync(Server target, string library, CancellationToken ct)
    {
        await using var connection = await target.OpenAsync("check", ct);
        try
        {
            await connection.ExecuteAsync($"LOAD {Sql.Literal(library)}", ct);
            return null;
        }
        catch (PostgresException failure)
        {
            return failure.MessageText;
        }
    }
}
