using System.Globalization;
using PgBaton.Postgres;

namespace PgBaton;

static partial class Errors
{
    public static MigrationException SlotBlocked(
        Side side, string slot, TimeSpan patience, IReadOnlyList<OpenTransaction> blockers, Exception inner)
    {
        const int shown = 10;
        var list = blockers.Count == 0
            ? "None of them is open any more."
            : $"Open: {string.Join("; ", blockers.Take(shown))}{(blockers.Count > shown ? $"; and {blockers.Count - shown} more" : "")}.";
        return new(
            "PB0401", ExitCode.Failed,
            string.Create(CultureInfo.InvariantCulture,
                $"replication slot \"{slot}\" could not be made within {patience.TotalSeconds:0.#} s: transactions on the {Name(side)} stay open"),
            detail: $"A slot begins where every transaction that has written, or is prepared, has ended, in any database of that server. {list}",
            hint: "End those transactions (COMMIT PREPARED or ROLLBACK PREPARED, or pg_terminate_backend(pid)), then run the same command again.",
            about: slot, inner: inner);
    }
}
