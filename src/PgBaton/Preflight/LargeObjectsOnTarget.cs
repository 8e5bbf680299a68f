using System.Globalization;
using PgBaton.Catalog;

namespace PgBaton.Preflight;

/// <summary>Large objects keep their numbers, so that those of somebody else could be in the way.</summary>
sealed class LargeObjectsOnTarget() : Check(
    "PB1061", "target", "Has the target no large objects of its own?", "the target has no large objects of its own",
    needs: Needs.Both, onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (!LargeObject.AreMoved(servers.Options) || (await LargeObject.ListAsync(servers.Source.Connection, ct)).Count == 0)
            return [];
        var there = await LargeObject.ListAsync(servers.Target.Connection, ct);
        return there.Count == 0
            ? []
            :
            [
                Blocker(
                    $"the target has {Listing.Count(there.Count, "large object", "large objects")} of its own",
                    $"Those of the source keep their numbers, and could not be told from them. {Listing.Of([.. there.Select(large => large.Oid.ToString(CultureInfo.InvariantCulture))])}.",
                    "SELECT lo_unlink(oid) FROM pg_largeobject_metadata;  -- on the target, if nobody needs them; or --large-objects skip"),
            ];
    }
}
