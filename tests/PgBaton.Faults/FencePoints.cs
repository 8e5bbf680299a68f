using System.Diagnostics;
using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>
/// Does something at a command behind the fence, at the next attempt at a later one, and so on until a decision comes before it; and measures how
/// long it takes from there until the source takes a write.
/// </summary>
sealed class FencePoints
{
    readonly Scene _scene;
    readonly Moment _moment;
    readonly Func<Link, Func<Task>, Task> _act;
    readonly int _stride;
    readonly Lock _turn = new();
    readonly List<Task> _measuring = [];
    int _next, _count;
    bool _isFenced;

    /// <param name="scene">Whose cutover.</param>
    /// <param name="moment">With respect to each command.</param>
    /// <param name="act">Given the connection and what waits until the source is written.</param>
    /// <param name="stride">1: every command; 4: every fourth, which ones the seed says.</param>
    public FencePoints(Scene scene, Moment moment, Func<Link, Func<Task>, Task> act, int stride)
    {
        (_scene, _moment, _act, _stride, _next) = (scene, moment, act, stride, 1 + scene.Random.Next(stride));
        foreach (var wire in scene.Wires)
            Arm(wire);
    }

    /// <summary>Where it was done, in order.</summary>
    public List<string> Places { get; } = [];

    public TimeSpan Longest { get; private set; }

    public string LongestAt { get; private set; } = "";

    public Task AllMeasured => Task.WhenAll(_measuring);

    void Arm(FaultProxy wire)
        => wire.Add(new Trigger(IsDue, _moment, link =>
        {
            Arm(wire);
            var since = Stopwatch.GetTimestamp();
            var writable = MeasureAsync(since, Places[^1]);
            lock (_turn)
                _measuring.Add(writable);
            return _act(link, () => writable);
        }));

    bool IsDue(Command command)
    {
        lock (_turn)
        {
            if (command.Session == "pgbaton/fence" && command.Sql.StartsWith("SELECT pg_catalog.pg_advisory_lock", StringComparison.Ordinal))
            {
                (_isFenced, _count) = (true, 0);
                return false;
            }

            if (!_isFenced || IsNoise(command) || (_moment == Moment.Instead && IsForgiven(command)))
                return false;
            if (command.Session == "pgbaton/fence" && command.Sql == "COMMIT")
            {
                _isFenced = false;
                return false;
            }

            if (++_count != _next)
                return false;
            (_next, _isFenced) = (_next + _stride, false);
            Places.Add(command.ToString());
            return true;
        }
    }

    // What the engine asks all the time, whether fenced or not.
    static bool IsNoise(Command command)
        => command.Session is "pgbaton/lag" || command.Sql.StartsWith("SELECT id, word, arguments", StringComparison.Ordinal);

    // Changes that fail as a set are applied one by one, and an event that is not noted is one less to read: the fence stays, the decision comes, and
    // no later command is ever met.
    static bool IsForgiven(Command command)
        => command.Sql.Contains("ROWS FROM (", StringComparison.Ordinal) || command.Sql.StartsWith("INSERT INTO pgbaton.event ", StringComparison.Ordinal);

    async Task MeasureAsync(long since, string place)
    {
        await Task.WhenAny(_scene.Clients.Select(client => client.AdvanceAsync(1)));
        var took = Stopwatch.GetElapsedTime(since);
        lock (_turn)
        {
            if (took > Longest)
                (Longest, LongestAt) = (took, place);
        }
    }
}
