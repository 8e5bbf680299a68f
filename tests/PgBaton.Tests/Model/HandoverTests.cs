namespace PgBaton.Tests.Model;

/// <summary>Every state that one migration can get into, crashes and sleepers at every point: what is promised holds in all of them.</summary>
public sealed class HandoverTests
{
    [Fact]
    public void nothing_is_lost_or_doubled_and_there_is_one_writer_in_every_state()
    {
        var (states, broken) = Search(Rule.None);
        Assert.Null(broken);
        Assert.True(states.Count > 10_000, $"only {states.Count} states: the model does not move");
        Assert.Contains(states.Keys, state => state is { TargetOpen: true, TargetWritten: > 0, Written: 3, Former: not null });
    }

    [Fact]
    public void from_every_state_the_handover_can_still_be_completed()
    {
        var (states, _) = Search(Rule.None);
        var reaching = new HashSet<Handover>(states.Keys.Where(state => state.TargetOpen));
        var before = states.SelectMany(state => state.Value.Select(next => (next.Next, state.Key))).ToLookup(edge => edge.Next, edge => edge.Key);
        var open = new Queue<Handover>(reaching);
        while (open.TryDequeue(out var state))
        {
            foreach (var earlier in before[state].Where(reaching.Add))
                open.Enqueue(earlier);
        }

        // No more processes may be started than the model has epochs: the last one may have died.
        Assert.DoesNotContain(states.Keys, state => state.Engine is not null && !reaching.Contains(state));
    }

    [Theory]
    [InlineData(Rule.StreamStartsAtProgress, "doubled")]
    [InlineData(Rule.AcknowledgeAfterCommit, "lost")]
    [InlineData(Rule.ProgressIsInTheTransaction, "doubled")]
    [InlineData(Rule.SnapshotIsSkipped, "doubled")]
    [InlineData(Rule.EpochIsChecked, "doubled")]
    [InlineData(Rule.FenceBeforeDecision, "lost")]
    [InlineData(Rule.MarkerBeforeDecision, "lost")]
    [InlineData(Rule.ReverseBeforeDecision, "no way back")]
    [InlineData(Rule.DecisionBeforeOpen, "two writers")]
    public void each_rule_is_needed(Rule rule, string breaks)
    {
        var (_, broken) = Search(rule);
        Assert.NotNull(broken);
        Assert.StartsWith($"{breaks}:", broken, StringComparison.Ordinal);
    }

    // Breadth first, so that what is found broken is told by a shortest way there.
    static (Dictionary<Handover, List<(string Name, Handover Next)>> States, string? Broken) Search(Rule without)
    {
        var actions = new Actions(without);
        var states = new Dictionary<Handover, List<(string, Handover)>>();
        var ways = new Dictionary<Handover, (Handover From, string By)?> { [Handover.Start] = null };
        var open = new Queue<Handover>([Handover.Start]);
        while (open.TryDequeue(out var state))
        {
            if (Broken(state) is { } what)
                return (states, $"{what}: {Way(ways, state)}");
            var next = states[state] = [.. actions.From(state)];
            foreach (var (name, reached) in next)
            {
                if (ways.TryAdd(reached, (state, name)))
                    open.Enqueue(reached);
            }
        }

        return (states, null);
    }

    // What must hold in every state.
    static string? Broken(Handover state)
    {
        var transactions = Enumerable.Range(0, state.Written).ToList();
        if (state.Copied && transactions.Exists(transaction => state.CountOf(transaction) > 1))
            return "doubled";
        if (state.TargetOpen && state.Gate == SourceGate.Open)
            return "two writers";
        if (state.TargetOpen && state.Gate != SourceGate.Closed)
            return "two writers"; // The fence ends with its session, and the source lets writers in.
        if (state.TargetOpen && transactions.Exists(transaction => state.CountOf(transaction) != 1))
            return "lost";
        if (state.TargetOpen && state.Reverse != 0)
            return "no way back";
        var seen = Math.Max(state.Snapshot, state.Progress);
        return state.Copied && transactions.Exists(transaction => transaction < seen && state.CountOf(transaction) == 0) ? "lost" : null;
    }

    static string Way(Dictionary<Handover, (Handover From, string By)?> ways, Handover state)
    {
        var steps = new Stack<string>();
        while (ways[state] is { } way)
        {
            steps.Push(way.By);
            state = way.From;
        }

        return string.Join(", ", steps);
    }
}
