namespace PgBaton.Preflight;

/// <summary>Triggers and rules that fire while replicated changes are applied: the target would do twice what the source has done already.</summary>
sealed class EagerTriggers() : Check(
    "PB1058", "schema", "Does no trigger fire for replicated changes?", "no trigger fires for replicated changes")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var eager = await EagerTrigger.ListAsync(servers, ct);
        return eager.Count == 0 ? [] :
        [
            Notice(
                $"{Listing.Count(eager.Count, "trigger or rule fires", "triggers and rules fire")} for replicated changes too",
                $"On the target they are disabled until it opens, so that nothing is done twice; by hand that has to be done, too. {Listing.Of([.. eager.Select(trigger => $"{trigger}")])}."),
        ];
    }
}
