using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// Functions that find what they call only by the search_path of the application. By computing each expression for one row, in a transaction
/// that may not write: our sessions have an empty search_path, and since 17 the server itself computes indexes with one.
/// </summary>
sealed class LeaningExpressions() : Check(
    "PB1059", "schema", "Do expressions of indexes, checks and generated columns work without a search_path?",
    "no expression of an index, check or generated column leans on the search_path", onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var source = servers.Source.Connection;
        var expressions = await source.QueryAsync(
            Query.LeaningExpressions,
            row => (Schema: row.GetString(0), Name: row.GetString(1), What: row.GetString(2), Sql: row.GetString(3)), ct);
        var leaning = new List<string>();
        foreach (var expression in expressions.Where(expression => servers.Scope.Includes(expression.Schema, expression.Name)))
        {
            if (await RefusalAsync(source, expression.Sql, ct) is { } refusal)
                leaning.Add($"{expression.What} of {Sql.Identifier(expression.Schema, expression.Name)}: {refusal}");
        }

        return leaning.Count == 0
            ? []
            :
            [
                Blocker(
                    $"{Listing.Count(leaning.Count, "expression leans", "expressions lean")} on the search_path",
                    "A function that they call does not say in which schema it looks for what it calls in turn; while rows are copied and indexes "
                    + $"are built it would not find it. {Listing.Of(leaning)}.",
                    "ALTER FUNCTION … SET search_path = …;  -- of the functions they call, on the source"),
            ];
    }

    // Null: it works, or there is no row to try it with, or it fails for a reason of its own.
    static async Task<string?> RefusalAsync(NpgsqlConnection source, string sql, CancellationToken ct)
    {
        await using var transaction = await source.BeginTransactionAsync(ct);
        await source.ExecuteAsync("SET TRANSACTION READ ONLY", ct);
        try
        {
            await source.ExecuteAsync(sql, ct);
            return null;
        }
        catch (PostgresException refusal)
        {
            return refusal.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject
                ? refusal.MessageText : null;
        }
    }
}
