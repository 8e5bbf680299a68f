namespace PgBaton.Faults;

/// <summary>PGBATON_SHARD=2/3: every third scene, from the second on.</summary>
static class Shard
{
    public static TheoryData<T> Of<T>(IEnumerable<T> scenes)
    {
        var words = (Environment.GetEnvironmentVariable("PGBATON_SHARD") is { Length: > 0 } given ? given : "1/1").Split('/');
        var (number, count) = (int.Parse(words[0], provider: null), int.Parse(words[1], provider: null));
        return [.. scenes.Where((_, i) => i % count == number - 1)];
    }
}
