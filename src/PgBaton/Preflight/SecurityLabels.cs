using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Labels are only taken by a server that has loaded the library of their provider; whether it has, only trying shows.</summary>
sealed class SecurityLabels() : Check(
    "PB1068", "schema", "Does the target know the providers of security labels?", "the target knows the providers of all security labels",
    needs: Needs.Both)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.ExistingSchema || servers.Options.NoSecurityLabels)
            return [];
        var providers = await servers.Source.Connection.QueryAsync(
            "SELECT provider, count(*)::int, min(objtype || ' ' || objname) FROM pg_catalog.pg_seclabels WHERE objtype NOT IN ('role', 'database', 'tablespace') GROUP BY 1 ORDER BY 1",
            row => (Name: row.GetString(0), Labels: row.GetInt32(1), Example: row.GetString(2)), ct);
        var findings = new List<Finding>();
        foreach (var provider in providers)
        {
            if (await TryAsync(servers.Target.Connection, provider.Name, ct) is { } refusal)
                findings.Add(Blocker(
                    $"the target does not take labels of the security label provider \"{provider.Name}\"",
                    $"{refusal}. {Listing.Count(provider.Labels, "object has", "objects have")} such a label, {provider.Example} for one.",
                    "Load the provider's library on the target (shared_preload_libraries), or leave the labels behind: --no-security-labels", provider.Name));
        }

        return findings;
    }

    // Without an effect: a label that is taken away where there is none, and a transaction that is rolled back.
    static async Task<string?> TryAsync(NpgsqlConnection target, string provider, CancellationToken ct)
    {
        await using var transaction = await target.BeginTransactionAsync(ct);
        try
        {
            await target.ExecuteAsync($"SECURITY LABEL FOR {Sql.Identifier(provider)} ON DOMAIN information_schema.cardinal_number IS NULL", ct);
            return null;
        }
        catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            return refusal.MessageText;
        }
        catch (PostgresException)
        {
            return null; // Whatever else is wrong with this label, the provider was found before that was looked at.
        }
        finally
        {
            await transaction.RollbackAsync(ct);
        }
    }
}
