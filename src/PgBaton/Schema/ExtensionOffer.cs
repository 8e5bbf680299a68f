using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>An extension that the target has, as the target itself says.</summary>
/// <param name="DefaultVersion">That CREATE EXTENSION makes; null where the server names none.</param>
/// <param name="InstalledVersion">Null: it is not made in this database yet.</param>
/// <param name="NeedsSuperuser">And is not trusted.</param>
sealed record ExtensionOffer(string Name, string? DefaultVersion, string? InstalledVersion, bool NeedsSuperuser)
{
    /// <summary>By name; those of <paramref name="names"/> that are missing in the answer are not to be had.</summary>
    public static async Task<Dictionary<string, ExtensionOffer>> ListAsync(NpgsqlConnection target, IEnumerable<string> names, CancellationToken ct)
        => (await target.QueryAsync(
            """
            SELECT a.name::text, a.default_version, a.installed_version,
                   coalesce(pg_catalog.bool_or(v.superuser AND NOT v.trusted) FILTER (WHERE v.version = a.default_version), false)
              FROM pg_catalog.pg_available_extensions a
              LEFT JOIN pg_catalog.pg_available_extension_versions v ON v.name = a.name
             WHERE a.name = ANY ($1)
             GROUP BY a.name, a.default_version, a.installed_version
            """,
            row => new ExtensionOffer(row.GetString(0), row.GetNullable<string>(1), row.GetNullable<string>(2), row.GetBoolean(3)),
            ct, (object)names.ToArray())).ToDictionary(offer => offer.Name, StringComparer.Ordinal);

    /// <summary>Why it cannot be made; null if it can. Providers let some roles make some extensions, whatever the catalog says: tried, and rolled back.</summary>
    public static async Task<string?> RefusalAsync(NpgsqlConnection target, string name, CancellationToken ct)
    {
        await using var transaction = await target.BeginTransactionAsync(ct);
        try
        {
            await target.ExecuteAsync($"SET LOCAL search_path = public; CREATE EXTENSION IF NOT EXISTS {Sql.Identifier(name)} CASCADE", ct);
            return null;
        }
        catch (PostgresException failure)
        {
            return failure.MessageText;
        }
    }
}
