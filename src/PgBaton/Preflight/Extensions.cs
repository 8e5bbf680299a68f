using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class Extensions() : Check(
    "PB1070", "extensions", "Does the target offer every extension of the source?", "the target offers every extension of the source")
{
    public override Needs Needs => Needs.Both;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var wanted = await servers.Source.Connection.QueryAsync(
            "SELECT extname::text, extversion FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY "
            + "1", row => (Name: row.GetString(0), Version: row.GetString(1)), ct);
        if (wanted.Count == 0)
            return [];
        var offered = (await servers.Target.Connection.QueryAsync(
            """
            SELECT a.name::text, a.default_version, a.installed_version,
                   coalesce(pg_catalog.bool_or(v.superuser AND NOT v.trusted) FILTER (WHERE v.version = a.default_version), false)
              FROM pg_catalog.pg_available_extensions a
              LEFT JOIN pg_catalog.pg_available_extension_versions v ON v.name = a.name
             WHERE a.name = ANY ($1)
             GROUP BY a.name, a.default_version, a.installed_version
            """,
            row => new Offer(row.GetString(0), row.GetNullable<string>(1), row.GetNullable<string>(2), row.GetBoolean(3)),
            ct, (object)wanted.Select(extension => extension.Name).ToArray())).ToDictionary(offer => offer.Name, StringComparer.Ordinal);

        var findings = new List<Finding>();
        foreach (var (name, version) in wanted)
        {
            if (!offered.TryGetValue(name, out var offer))
                findings.Add(Missing(name, version, servers.Scope.IsEverything));
            else if (await LookAtAsync(servers, offer, version, ct) is { } finding)
                findings.Add(finding);
        }

        return findings;
    }

    /// <param name="NeedsSuperuser">And is not trusted.</param>
    sealed record Offer(string Name, string? DefaultVersion, string? InstalledVersion, bool NeedsSuperuser);

    // With filters, pg_dump's way is kept: extensions are then not moved, and whether a table needs one shows when it is made.
    Finding Missing(string name, string version, bool isEverything)
    {
        var message = $"the target does not offer extension {Sql.Identifier(name)} ({version} on the source)";
        const string fix = "Install the extension's package on the target's server, choose a target that has it, or drop it on the "
            + "source if nothing needs it.";
        return isEverything ? Blocker(
            message, "Objects that use it cannot be made there.", fix,
            Sql.Identifier(name)) : Warning(message, "A table in scope that uses it cannot be made there.", fix, Sql.Identifier(name));
    }

    async Task<Finding?> LookAtAsync(Servers servers, Offer offer, string version, CancellationToken ct)
    {
        var about = Sql.Identifier(offer.Name);
        if (offer.InstalledVersion is null && offer.NeedsSuperuser && !servers.Target.Facts.IsSuperuser && await TryAsync(servers.Target.Connection, offer.Name, ct) is { } refusal)
            return Blocker(
                $"role {Sql.Identifier(servers.Target.Facts.User)} may not make extension {about} on the "
                + "target", $"The server says: {refusal}.",
                $"CREATE EXTENSION {about};  -- as a superuser of the target, or allow it in the provider's settings", about);
        var theirs = offer.InstalledVersion ?? offer.DefaultVersion;
        return theirs is not null && IsOlder(theirs, version)
            ? Warning(
                $"extension {about} would be {theirs} on the target, it is {version} on the source", "What the newer version added may be missing there.",
                offer.InstalledVersion is null ? "Take a target that has the newer version." : $"ALTER EXTENSION {about} UPDATE;  -- on the target", about)
            : null;
    }

    // Providers let some roles make some extensions, whatever the catalog says: tried, and rolled back.
    static async Task<string?> TryAsync(NpgsqlConnection target, string name, CancellationToken ct)
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

    // 1.10 is newer than 1.9; what is not a number is compared as text.
    static bool IsOlder(string left, string right)
    {
        string[] a = left.Split('.', '-'), b = right.Split('.', '-');
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            var (x, y) = (a.ElementAtOrDefault(i) ?? "0", b.ElementAtOrDefault(i) ?? "0");
            var order = int.TryParse(x, out var m) && int.TryParse(y, out var n) ? m.CompareTo(n) : string.CompareOrdinal(x, y);
            if (order != 0)
                return order < 0;
        }

        return false;
    }
}
