using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>
/// A table or sequence of an extension whose rows are the user's: one element of <c>pg_extension.extconfig</c>. pg_dump takes such rows along, logical
/// replication does not.
/// </summary>
/// <param name="Extension">Its name.</param>
/// <param name="IsSequence">One value instead of rows.</param>
/// <param name="Condition">Empty, or a WHERE clause that tells the user's rows from the extension's own.</param>
/// <param name="Columns">Quoted, without generated ones.</param>
sealed record ConfigurationTable(string Extension, string Schema, string Name, bool IsSequence, string Condition, string Columns)
{
    public string QualifiedName => Sql.Identifier(Schema, Name);

    /// <summary>As in pg_dump: none where schemas or tables are picked; of an excluded schema neither.</summary>
    public static async Task<List<ConfigurationTable>> ListAsync(NpgsqlConnection connection, MigrationOptions options, CancellationToken ct)
    {
        var scope = new Scope(options);
        return options.Schemas.Count + options.Tables.Count > 0 ? [] : [.. (await connection.QueryAsync(
            Query.ExtensionConfiguration,
            row => new ConfigurationTable(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetString(4), row.GetString(5)), ct))
            .Where(table => scope.IncludesSchema(table.Schema))];
    }

    /// <summary>The user's rows, as a query without an end of its own.</summary>
    public string Rows(string columns) => $"SELECT {columns} FROM ONLY {QualifiedName} {Condition}";
}
