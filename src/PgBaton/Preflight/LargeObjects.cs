using System.Globalization;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class LargeObjects() : Check("PB1060", "data", "Are there no large objects?", "there are no large objects")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var count = await servers.Source.Connection.QueryValueAsync<long>(
            "SELECT count(*) FROM (SELECT FROM pg_catalog.pg_largeobject_metadata LIMIT 100000) o", ct);
        return count == 0
            ? []
            :
            [
                Blocker(
                    string.Create(
                        CultureInfo.InvariantCulture, $"{count}{(count == 100000 ? " or more" : "")} large objects would not be moved"),
                    "Large objects (lo_create, lo_import) are in no publication: their changes cannot be followed. Columns of type "
                    + "bytea are not meant, they are moved like any other.",
                    "Move them by hand with the application stopped (pg_dump --blobs | pg_restore), or turn them into bytea; then "
                    + "--ignore PB1060."),
            ];
    }
}
