namespace PgBaton.Cli.Demo.Proofs;

/// <summary>One thing that the demo claims about the migration, found out without the library: plain SQL, and the writers' own memory.</summary>
/// <param name="Claim">What ought to hold, as a sentence.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Evidence">The figures; where it does not hold, what was found instead.</param>
sealed record Proof(string Claim, bool Holds, string Evidence);
