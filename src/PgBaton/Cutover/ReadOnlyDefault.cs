using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>
/// The closed database's <c>default_transaction_read_only</c>. It is set in the very transaction of the decision and not with the fence: a session
/// that begins under it keeps it, and after a cancelled cutover a pool would be left with sessions that cannot write.
/// </summary>
static class ReadOnlyDefault
{
    /// <summary>As part of the caller's transaction, where our role may; not where other tables of the database stay in use.</summary>
    public static async Task SetAsync(NpgsqlConnection session, Migration migration, Server server, CancellationToken ct)
    {
        if (!new Scope(migration.Options).IsEverything)
        {
            migration.Report(new Warning(
                "PB0802", $"the old {server.Name} is not made read-only by default: only a part of its database is moved",
                "Its gate refuses writes to the moved tables until finish; after that nothing but you keeps an application from writing there. One that looks for a writable server by itself "
                + "(target_session_attrs=read-write) still finds the old one: give it the new address."));
            return;
        }

        var (mayAlter, before) = (await session.QueryFirstAsync(
            """
            SELECT pg_catalog.pg_has_role(d.datdba, 'USAGE'),
                   (SELECT pg_catalog.split_part(setting, '=', 2)
                      FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) AS setting
                     WHERE s.setdatabase = d.oid AND s.setrole = 0 AND setting LIKE 'default\_transaction\_read\_only=%')
              FROM pg_catalog.pg_database d
             WHERE d.datname = pg_catalog.current_database()
            """,
            row => (row.GetBoolean(0), row.GetNullable<string>(1)), ct))!;
        if (!mayAlter)
        {
            migration.Report(new Warning(
                "PB0802", $"the old {server.Name} cannot be made read-only by default: only the owner of the database may",
                "Its gate stays closed until finish. After that, nothing but you keeps an application from writing there."));
            return;
        }

        await migration.Journal.SetFactAsync(Fact.ReadOnly(server.Side), before ?? "", ct);
        await session.ExecuteAsync($"{Alter(server)} SET default_transaction_read_only = on", ct);
    }

    /// <summary>Puts back what there was before the decision, as part of the caller's transaction.</summary>
    public static async Task PutBackAsync(NpgsqlConnection session, Migration migration, Server server, CancellationToken ct)
    {
        if (await FindCommandAsync(migration, server, ct) is { } command)
            await session.ExecuteAsync(command, ct);
    }

    /// <summary>The command that lifts it; null if it was never set.</summary>
    public static async Task<string?> FindCommandAsync(Migration migration, Server server, CancellationToken ct)
        => await migration.Journal.GetFactAsync(Fact.ReadOnly(server.Side), ct) is not { } before ? null
            : before.Length == 0 ? $"{Alter(server)} RESET default_transaction_read_only"
            : $"{Alter(server)} SET default_transaction_read_only = {Sql.Literal(before)}";

    static string Alter(Server server) => $"ALTER DATABASE {Sql.Identifier(server.Identity.Database)}";
}
