namespace PgBaton.Onlookers;

/// <summary>Something that somebody who is not looking should know, as a webhook is told it. Chat services that take <c>text</c> show that.</summary>
/// <param name="Schema">1: fields are only ever added.</param>
/// <param name="At">When.</param>
/// <param name="Kind">in_sync, opened, fence_lifted, finished, stopped, lag, caught_up or slot_at_risk.</param>
/// <param name="Text">From where to where, and what, in one line.</param>
/// <param name="Source">host:port/database; null if it was not given.</param>
/// <param name="Target">host:port/database.</param>
/// <param name="Code">Of the error or warning; null for anything else.</param>
/// <param name="Hint">What to do.</param>
sealed record Occasion(int Schema, DateTimeOffset At, string Kind, string Text, string? Source, string? Target, string? Code, string? Hint);
