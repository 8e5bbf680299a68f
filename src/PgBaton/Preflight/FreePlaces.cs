namespace PgBaton.Preflight;

/// <summary>
/// Places on the source of which a setting says how many there are, and of which two are needed: one for the stream, and one for the temporary slot
/// of the copy.
/// </summary>
/// <param name="code">Of its findings.</param>
/// <param name="one">What such a place is.</param>
/// <param name="many">Several of them.</param>
/// <param name="setting">How many there are; a change of it restarts the server.</param>
abstract class FreePlaces(string code, string one, string many, string setting) : Check(
    code, "replication", $"Are two {many} free on the source?", $"enough {many} are free", onlyBefore: true, onlyFollowing: true)
{
    const int Needed = 2;

    protected abstract int InUse(ServerFacts facts);

    /// <summary>How a place becomes free without a restart; null if it cannot.</summary>
    protected virtual string? WithoutRestart => null;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var facts = servers.Source.Facts;
        var (all, used) = (facts.Number(setting), InUse(facts));
        if (all - used >= Needed)
            yield break;
        var raise = servers.Source.Provider.Set(setting, $"{used + Needed}", restarts: true);
        yield return Blocker(
            $"{Listing.Count(all - used, $"{one} is", $"{many} are")} free on the source, {Needed} are needed",
            $"{setting} {all}, in use {used}. Needed: 1 for the stream, and 1 for a moment at each start of the copy.",
            WithoutRestart is { } first ? $"{first}\nOr raise the limit: {raise}" : raise);
    }
}
