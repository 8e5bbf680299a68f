namespace PgBaton.Postgres;

/// <summary>How long something may wait for others, and who is told for whom it waits.</summary>
/// <param name="Limit">Then it gives up.</param>
/// <param name="Time">The clock.</param>
/// <param name="Tell">Given a sentence, once, when it has waited long enough to make a person wonder; null: nobody.</param>
sealed record Patience(TimeSpan Limit, TimeProvider Time, Action<string>? Tell = null)
{
    /// <summary>Nobody wonders before.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
}
