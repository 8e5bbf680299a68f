namespace PgBaton.Providers;

/// <summary>From where a provider's servers connect to others.</summary>
/// <param name="List">IPv4.</param>
/// <param name="AsOf">The day its documentation was read.</param>
sealed record OutboundAddresses(IReadOnlyList<string> List, DateOnly AsOf);
