using System.Text.Json.Nodes;

namespace PgBaton.Web;

/// <summary>The words that were said here about one migration, in the order in which they were said.</summary>
sealed class SaidWords(TimeProvider time)
{
    readonly Lock _lock = new();
    readonly List<SaidWord> _said = [];

    /// <summary>One of them is being carried out, perhaps by an engine of this process.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _said.Exists(word => !word.Answer.IsCompleted);
        }
    }

    /// <summary>What came of each of them.</summary>
    public IReadOnlyList<Task> Answers
    {
        get
        {
            lock (_lock)
                return [.. _said.Select(word => word.Answer)];
        }
    }

    public SaidWord Add(string name, WordArguments arguments, Func<Task<WordOutcome>> carryOut)
    {
        lock (_lock)
        {
            var said = new SaidWord(_said.Count + 1, arguments.Rehearse ? "rehearsal" : name, arguments, time.GetUtcNow(), Task.Run(carryOut));
            _said.Add(said);
            return said;
        }
    }

    public SaidWord? Find(int number)
    {
        lock (_lock)
            return _said.Find(word => word.Number == number);
    }

    public JsonArray ToJson()
    {
        lock (_lock)
            return [.. _said.Select(word => word.ToJson())];
    }
}
