using System.Globalization;

namespace PgBaton.Faults;

/// <summary>All that happens at random in a run depends on one number, which is printed; PGBATON_SEED gives it back.</summary>
static class Seed
{
    /// <summary>Of this run.</summary>
    public static int OfRun { get; } = int.TryParse(Environment.GetEnvironmentVariable("PGBATON_SEED"), CultureInfo.InvariantCulture, out var given)
        ? given
        : Random.Shared.Next(1, 1_000_000);

    /// <summary>Of one scene: the same whichever others are run beside it.</summary>
    public static int Of(string scene) => scene.Aggregate(OfRun, (sum, c) => unchecked((sum * 31) + c)) & int.MaxValue;
}
