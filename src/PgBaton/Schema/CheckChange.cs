using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>A CHECK constraint of a table or a domain that is not the same on both sides.</summary>
/// <param name="Name">Quoted.</param>
/// <param name="Here">Its definition on the source; null: it is gone.</param>
/// <param name="IsNew">The target had none of that name.</param>
/// <param name="IsInherited">The command for a parent reaches it.</param>
/// <param name="Waits">It is one of those that do not act before the target is opened.</param>
sealed record CheckChange(string Name, string? Here, bool IsNew, bool IsInherited, bool Waits)
{
    /// <summary>It is the same, and every row keeps to it by now.</summary>
    public bool WasValidated { get; private init; }

    public string Words => $"constraint {Name} {(WasValidated ? "was validated" : IsNew ? "is new" : Here is null ? "is gone" : "is another one")}";

    /// <summary>Those of one table or domain. One that is held back until the target opens is known by the command that will make it.</summary>
    /// <param name="name">Qualified and quoted.</param>
    /// <param name="nameThere">On the target.</param>
    /// <param name="source">Where it is as it should be.</param>
    /// <param name="target">With the journal.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<List<CheckChange>> ListAsync(string name, string nameThere, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var here = await DefinitionsAsync(source, name, ct);
        var there = await DefinitionsAsync(target, nameThere, ct);
        var held = await HeldAsync(target, nameThere, ct);
        var waits = Own(await Held.OfChecksAsync(source, target, ct), check => check.Description, check => check.Description, name);
        return
        [
            .. from constraint in here.Keys.Union(there.Keys).Union(held.Keys)
               let now = here.GetValueOrDefault(constraint)
               let was = there.GetValueOrDefault(constraint)
               let isValidated = WasJustValidated(was, now)
               where isValidated || (!IsNotNull(was, now) && (held.TryGetValue(constraint, out var command) ? IsAnother(command, now) : IsAnother(was, now)))
               select new CheckChange(
                   constraint, now is { IsValidated: true } ? now.Text : null, was is null && !held.ContainsKey(constraint), (now ?? was)?.IsInherited ?? false,
                   waits.ContainsKey(constraint))
               {
                   WasValidated = isValidated,
               },
        ];
    }

    /// <summary>The commands for all of it: a constraint goes before the columns change, and comes after.</summary>
    public static List<string> Around(IEnumerable<string> others, string alter, IReadOnlyCollection<CheckChange> checks) =>
    [
        .. checks.Where(check => !check.IsNew && !check.WasValidated).Select(check => check.FollowsParent($"{alter} DROP CONSTRAINT IF EXISTS {check.Name};")),
        .. others,
        .. checks.Where(check => check.Here is not null && !check.WasValidated).Select(check => check.InTime($"{alter} ADD CONSTRAINT {check.Name} {check.Here};")),
        .. checks.Where(check => check.WasValidated).Select(check => check.FollowsParent($"{alter} VALIDATE CONSTRAINT {check.Name};")),
    ];

    string InTime(string statement) => Waits ? $"-- when the target is opened: {statement.ReplaceLineEndings(" ")}" : FollowsParent(statement);

    string FollowsParent(string statement) => IsInherited ? TableChange.WithParent(statement) : statement;

    static bool WasJustValidated(Definition? was, Definition? now)
        => was is { IsValidated: false } && now is { IsValidated: true }
            && was.Text.EndsWith(" NOT VALID", StringComparison.Ordinal) && SchemaText.AreEqual(now.Text, was.Text[..^" NOT VALID".Length], sameMajor: false);

    // NOT NULL is a property of the column, and a constraint from 18 on only.
    static bool IsNotNull(Definition? was, Definition? now) => (was ?? now) is { IsNotNull: true };

    // Those that are not validated are objects of their own.
    static bool IsAnother(Definition? was, Definition? now)
        => (was, now) switch
        {
            ({ IsValidated: true }, { IsValidated: true }) => !SchemaText.AreEqual(now.Text, was.Text, sameMajor: false),
            _ => was is { IsValidated: true } || now is { IsValidated: true },
        };

    static bool IsAnother(string command, Definition? now)
        => now is null || (now.IsValidated && !NormalText.Of(command).Contains(NormalText.Of(now.Text), StringComparison.Ordinal));

    // By the quoted name of the constraint.
    static async Task<Dictionary<string, string>> HeldAsync(NpgsqlConnection target, string name, CancellationToken ct)
        => Own(
            await target.QueryAsync(
                "SELECT description, command FROM pgbaton.waiting WHERE done_at IS NULL AND phase = 'open' AND description LIKE 'constraint %'",
                row => (Description: row.GetString(0), Command: row.GetString(1)), ct),
            row => row.Description, row => row.Command, name);

    // Descriptions are quoted where they have to be: "constraint c of public.t", "constraint c of DOMAIN public.d".
    static Dictionary<string, string> Own<T>(IEnumerable<T> all, Func<T, string> description, Func<T, string> value, string name)
    {
        var own = new Dictionary<string, string>();
        foreach (var one in all)
        {
            var text = Plain(description(one));
            var of = text.LastIndexOf(" of ", StringComparison.Ordinal);
            if (text[(of + 4)..] is var subject && (subject == Plain(name) || subject == $"DOMAIN {Plain(name)}"))
                own[Sql.Identifier(text["constraint ".Length..of])] = value(one);
        }

        return own;
    }

    static string Plain(string name) => name.Replace("\"", "", StringComparison.Ordinal);

    static async Task<Dictionary<string, Definition>> DefinitionsAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => (await connection.QueryAsync(
            """
            SELECT k.conname::text, pg_catalog.pg_get_constraintdef(k.oid), k.coninhcount > 0, k.convalidated, k.contype = 'n'
              FROM pg_catalog.pg_constraint k
             WHERE k.contype IN ('c', 'n') AND (k.conrelid = pg_catalog.to_regclass($1) OR k.contypid = pg_catalog.to_regtype($1))
             ORDER BY 1
            """, row => (Name: Sql.Identifier(row.GetString(0)), Is: new Definition(row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), row.GetBoolean(4))), ct, name))
            .ToDictionary(check => check.Name, check => check.Is);

    sealed record Definition(string Text, bool IsInherited, bool IsValidated, bool IsNotNull);
}
