using Npgsql;

namespace PgBaton.Postgres;

/// <summary>What tells one database from every other, whatever its address.</summary>
/// <param name="SystemIdentifier">Of <c>pg_control_system()</c>: made by initdb, shared by a primary and its standbys. A decimal string.</param>
/// <param name="DatabaseOid">Of pg_database.</param>
/// <param name="Database">Its name.</param>
/// <param name="Timeline">Of <c>pg_control_checkpoint()</c>: raised by each promotion.</param>
sealed record ServerIdentity(string SystemIdentifier, uint DatabaseOid, string Database, int Timeline)
{
    public static async Task<ServerIdentity> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
        => (await connection.QueryFirstAsync(
            """
            SELECT s.system_identifier::text, d.oid, d.datname, c.timeline_id
              FROM pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_database d
             WHERE d.datname = pg_catalog.current_database()
            """,
            reader => new ServerIdentity(reader.GetString(0), reader.GetFieldValue<uint>(1), reader.GetString(2), reader.GetInt32(3)), ct))!;

    /// <summary>The very same database, reached twice.</summary>
    public bool IsSameDatabase(ServerIdentity other) => SystemIdentifier == other.SystemIdentifier && DatabaseOid == other.DatabaseOid;
}
