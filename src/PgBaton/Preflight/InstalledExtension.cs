using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>An extension of the source's database, of which a new database does not have one already.</summary>
sealed record InstalledExtension(string Name, string Version)
{
    public static Task<List<InstalledExtension>> ListAsync(NpgsqlConnection source, CancellationToken ct)
        => source.QueryAsync(
            "SELECT extname::text, extversion FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
            row => new InstalledExtension(row.GetString(0), row.GetString(1)), ct);
}
