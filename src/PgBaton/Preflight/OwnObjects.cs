namespace PgBaton.Preflight;

/// <summary>
/// By doing it, and taking it back: the gate is made when the cutover begins, and all of it is put away at the end. What an event trigger forbids shows only
/// when it is done. Nobody's table is touched.
/// </summary>
sealed class OwnObjects() : Check(
    "PB1038", "schema", "May we make our schema with its functions and triggers, and put them away again?",
    "a schema of ours could be made and dropped", needs: Needs.None, onlyBefore: true)
{
    const string Commands =
        """
        CREATE SCHEMA pgbaton_check_$;
        CREATE TABLE pgbaton_check_$.probe ();
        CREATE FUNCTION pgbaton_check_$.probe() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER probe BEFORE INSERT ON pgbaton_check_$.probe EXECUTE FUNCTION pgbaton_check_$.probe();
        DROP TRIGGER probe ON pgbaton_check_$.probe;
        DROP SCHEMA pgbaton_check_$ CASCADE
        """;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var findings = new List<Finding>();
        // Without the right to create anything, that is the finding: PB1024, PB1080.
        foreach (var server in servers.All.Where(server => server.Facts is { IsInRecovery: false, MayCreate: true }))
        {
            if (await Attempt.RunAsync(server.Connection, Commands.Replace("$", $"{Guid.NewGuid():n}", StringComparison.Ordinal), ct) is { } refusal)
                findings.Add(Blocker(
                    $"what is ours could not be made on the {server.Side} {server.Server.Address} and put away again",
                    $"The server says: {refusal.MessageText} (SQLSTATE {refusal.SqlState}).",
                    "Hold back the event trigger that forbids it until \"pgbaton finish\" is done: ALTER EVENT TRIGGER … DISABLE;", server.Server.Address));
        }

        return findings;
    }
}
