using System.Globalization;
using Npgsql;

namespace PgBaton.Postgres;

/// <summary>A transaction that has written something, or is prepared, anywhere in the cluster. Without its query, which may hold values of rows.</summary>
/// <param name="Pid">Of the session; null for a prepared transaction, which has none.</param>
/// <param name="Gid">The name a prepared transaction was given; null for the others.</param>
/// <param name="User">Role; null where it is not told to us.</param>
/// <param name="ApplicationName">What the session says it is.</param>
/// <param name="Age">Since it began, or was prepared; null where it is not told to us (pg_read_all_stats is).</param>
sealed record OpenTransaction(int? Pid, string? Gid, string Database, string? User, string? ApplicationName, TimeSpan? Age)
{
    /// <summary>Oldest first; not the calling session's own.</summary>
    public static Task<List<OpenTransaction>> ListAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            """
            SELECT pid, NULL::text, coalesce(datname::text, ''), usename::text, application_name,
                   pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start)::float8 AS age
              FROM pg_catalog.pg_stat_activity
             WHERE backend_xid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()
             UNION ALL
            SELECT NULL, gid, database::text, owner::text, NULL, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - prepared)::float8
              FROM pg_catalog.pg_prepared_xacts
             ORDER BY age DESC NULLS LAST
            """,
            row => new OpenTransaction(
                row.GetNullable<int?>(0), row.GetNullable<string>(1), row.GetString(2), row.GetNullable<string>(3), row.GetNullable<string>(4),
                row.GetNullable<double?>(5) is { } seconds ? TimeSpan.FromSeconds(seconds) : null),
            ct);

    /// <summary>Several, for a person: the first of them, and how many more.</summary>
    public static string Describe(IReadOnlyCollection<OpenTransaction> open)
    {
        const int shown = 10;
        return $"{string.Join("; ", open.Take(shown))}{(open.Count > shown ? $"; and {open.Count - shown} more" : "")}";
    }

    /// <summary>For a person, on one line.</summary>
    public override string ToString()
    {
        var age = Age is { } known ? string.Create(CultureInfo.InvariantCulture, $"open for {known.TotalSeconds:0} s") : "open for an unknown time";
        return Pid is null
            ? $"prepared transaction {Sql.Literal(Gid ?? "")} of {User} in database {Database}, {age}"
            : $"pid {Pid} of {User ?? "an unknown role"} in database {Database}{Application}, {age}";
    }

    string Application => string.IsNullOrEmpty(ApplicationName) ? "" : $" ({ApplicationName})";
}
