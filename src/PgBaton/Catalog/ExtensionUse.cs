using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>An object of users that cannot be without an extension.</summary>
/// <param name="Extension">Its name, not quoted.</param>
/// <param name="Schema">Empty for what lives in none, such as a foreign server.</param>
/// <param name="Relation">The table or view that it is, or is part of; empty for the rest.</param>
/// <param name="Description">As the server describes it.</param>
sealed record ExtensionUse(string Extension, string Schema, string Relation, string Description)
{
    /// <summary>What is moved by this scope. Of types and functions that a named table may need, the archive of its schema knows, and not the catalog.</summary>
    public bool IsIn(Scope scope)
        => Relation.Length > 0 ? scope.Includes(Schema, Relation)
            : Schema.Length > 0 ? !scope.NamesTables && scope.IncludesSchema(Schema)
            : scope.IsEverything;

    public static Task<List<ExtensionUse>> ListAsync(NpgsqlConnection source, CancellationToken ct)
        => source.QueryAsync(
            Query.ExtensionUses, row => new ExtensionUse(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)), ct);
}
