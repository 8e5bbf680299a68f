namespace PgBaton.Faults;

/// <summary>
/// PGBATON_SHARD=2/3: every third scene, from the second on. PGBATON_PLACE='open: decision|clean': only scenes of which that, or one of those, is a
/// part.
/// </summary>
static class Shard
{
    /// <summary>Only some places are asked for.</summary>
    public static bool HasPlaces => Environment.GetEnvironmentVariable("PGBATON_PLACE") is { Length: > 0 };

    public static TheoryData<T> Of<T>(IEnumerable<T> scenes)
    {
        var words = (Environment.GetEnvironmentVariable("PGBATON_SHARD") is { Length: > 0 } given ? given : "1/1").Split('/');
        var (number, count) = (int.Parse(words[0], provider: null), int.Parse(words[1], provider: null));
        var places = Environment.GetEnvironmentVariable("PGBATON_PLACE") is { Length: > 0 } place ? place.Split('|') : [""];
        return [.. scenes.Where((scene, i) => i % count == number - 1 && Array.Exists(places, $"{scene}".Contains))];
    }
}
