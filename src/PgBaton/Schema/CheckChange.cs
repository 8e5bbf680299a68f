using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>A CHECK constraint of a table or a domain that is not the same on both sides.</summary>
/// <param name="Name">Quoted.</param>
/// <param name="Here">Its definition on the source; null: it is gone.</param>
/// <param name="There">Likewise on the target; null: it is new.</param>
/// <param name="IsInherited">The command for a parent reaches it.</param>
sealed record CheckChange(string Name, string? Here, string? There, bool IsInherited)
{
    public string Words => $"constraint {Name} {(There is null ? "is new" : Here is null ? "is gone" : "is another one")}";

    /// <summary>Those of one table or domain. One that is held back until the target opens cannot be compared.</summary>
    /// <param name="name">Qualified and quoted.</param>
    /// <param name="nameThere">On the target.</param>
    /// <param name="source">Where it is as it should be.</param>
    /// <param name="target">With the journal.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<List<CheckChange>> ListAsync(string name, string nameThere, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var here = await DefinitionsAsync(source, name, ct);
        var there = await DefinitionsAsync(target, nameThere, ct);
        var held = (await target.QueryAsync("SELECT description FROM pgbaton.waiting WHERE done_at IS NULL", row => Plain(row.GetString(0)), ct)).ToHashSet();
        return
        [
            .. from constraint in here.Keys.Union(there.Keys)
               where !held.Contains($"constraint {Plain(constraint)} of {Plain(nameThere)}") && !held.Contains($"constraint {Plain(constraint)} of DOMAIN {Plain(nameThere)}")
               let now = here.GetValueOrDefault(constraint)
               let was = there.GetValueOrDefault(constraint)
               where now is null || was is null || !SchemaText.AreEqual(now.Definition, was.Definition, sameMajor: false)
               select new CheckChange(constraint, now?.Definition, was?.Definition, (now ?? was)!.IsInherited),
        ];
    }

    /// <summary>The commands for all of it: a constraint goes before the columns change, and comes after.</summary>
    public static List<string> Around(IEnumerable<string> others, string alter, IReadOnlyCollection<CheckChange> checks) =>
    [
        .. checks.Where(check => check.There is not null).Select(check => check.FollowsParent($"{alter} DROP CONSTRAINT {check.Name};")),
        .. others,
        .. checks.Where(check => check.Here is not null).Select(check => check.FollowsParent($"{alter} ADD CONSTRAINT {check.Name} {check.Here};")),
    ];

    // Quoted always here, in descriptions where it has to be.
    static string Plain(string name) => name.Replace("\"", "", StringComparison.Ordinal);

    string FollowsParent(string statement) => IsInherited ? TableChange.WithParent(statement) : statement;

    static async Task<Dictionary<string, Held>> DefinitionsAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => (await connection.QueryAsync(
            """
            SELECT k.conname::text, pg_catalog.pg_get_constraintdef(k.oid), k.coninhcount > 0
              FROM pg_catalog.pg_constraint k
             WHERE k.contype = 'c' AND k.convalidated -- The others are objects of their own.
               AND (k.conrelid = pg_catalog.to_regclass($1) OR k.contypid = pg_catalog.to_regtype($1))
             ORDER BY 1
            """, row => (Name: Sql.Identifier(row.GetString(0)), Is: new Held(row.GetString(1), row.GetBoolean(2))), ct, name))
            .ToDictionary(check => check.Name, check => check.Is);

    sealed record Held(string Definition, bool IsInherited);
}
