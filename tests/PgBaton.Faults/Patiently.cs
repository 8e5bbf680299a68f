using System.Diagnostics;

namespace PgBaton.Faults;

/// <summary>Questions to a server that may be crashed in this very moment, and comes back.</summary>
static class Patiently
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Npgsql.NpgsqlException) when (Stopwatch.GetElapsedTime(began) < _patience)
            {
                await Task.Delay(_interval);
            }
        }
    }
}
