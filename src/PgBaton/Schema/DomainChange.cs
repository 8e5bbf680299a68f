using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>How a domain has changed, and the commands that change it likewise while columns are of it. Nothing, where only its base type is another one.</summary>
static class DomainChange
{
    /// <param name="name">Qualified and quoted.</param>
    public static async Task<(List<string> Words, List<string> Statements)> ExplainAsync(
        string name, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        if (await FactsAsync(source, name, ct) is not { } here || await FactsAsync(target, name, ct) is not { } there || here.Type != there.Type)
            return ([], []);
        var (words, statements) = (new List<string>(), new List<string>());
        if (here.Default != there.Default)
        {
            words.Add("it has another default");
            statements.Add($"ALTER DOMAIN {name} {(here.Default is null ? "DROP DEFAULT" : $"SET DEFAULT {here.Default}")};");
        }

        if (here.IsNotNull != there.IsNotNull)
        {
            words.Add($"it is {(here.IsNotNull ? "" : "no longer ")}NOT NULL");
            statements.Add($"ALTER DOMAIN {name} {(here.IsNotNull ? "SET" : "DROP")} NOT NULL;");
        }

        var checks = await CheckChange.ListAsync(name, name, source, target, ct);
        return ([.. words, .. checks.Select(check => check.Words)], CheckChange.Around(statements, $"ALTER DOMAIN {name}", checks));
    }

    static Task<Facts?> FactsAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => connection.QueryFirstAsync(
            """
            SELECT pg_catalog.format_type(typbasetype, typtypmod), pg_catalog.pg_get_expr(typdefaultbin, 0), typnotnull
              FROM pg_catalog.pg_type WHERE oid = pg_catalog.to_regtype($1) AND typtype = 'd'
            """, row => new Facts(row.GetString(0), row.GetNullable<string>(1), row.GetBoolean(2)), ct, name);

    sealed record Facts(string Type, string? Default, bool IsNotNull);
}
