using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Nothing of the target may be overwritten, and abort must be able to tell ours from theirs.</summary>
sealed class TargetEmpty() : Check("PB1081", "target", "Is the target empty?", "the target is empty", needs: Needs.Target, onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.ExistingSchema)
            return [Fine("the target's own tables are used (--existing-schema)")];
        var found = await servers.Target.Connection.QueryAsync(
            Query.UserObjects, row => (Kind: row.GetString(0), Schema: row.GetString(1), Name: row.GetString(2)), ct);
        List<string> inScope = [.. found.Where(item => servers.Scope.Includes(item.Schema, item.Name)).Select(item => $"{item.Kind} {Sql.Identifier(item.Schema, item.Name)}")];
        return inScope.Count == 0
            ? []
            :
            [
                Blocker(
                    $"the target is not empty: it holds {Listing.Count(inScope.Count, "object", "objects")} of "
                    + "others", $"{Listing.Of(inScope)}.",
                    "CREATE DATABASE … ;  -- and migrate into that; or --existing-schema, if these are the very tables and they hold "
                    + "no rows", Listing.About(inScope)),
            ];
    }
}
