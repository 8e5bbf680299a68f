using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>A table of the source that is to be moved and holds rows of its own, with what the questions want to know of it.</summary>
/// <param name="IsOwned">Our role is its owner or a member of it.</param>
/// <param name="HidesRows">Row level security would hide rows from our role.</param>
/// <param name="PossibleIndex">Could be named as its replica identity.</param>
/// <param name="HasUnique">There is a unique index, though not every column of it is NOT NULL.</param>
/// <param name="GeneratedInIdentity">A generated column of its replica identity.</param>
/// <param name="RowsChanged">Updated or deleted since the statistics began.</param>
sealed record CheckedTable(
    Table Table, TableOwner Owner, bool IsOwned, bool MayUseSchema, bool MaySelect, bool HidesRows, bool HasDeferrableKey, string? PossibleIndex, bool HasUnique,
    string? GeneratedInIdentity, long RowsChanged)
{
    public string Name => Table.QualifiedName;

    /// <param name="connection">To the source.</param>
    /// <param name="scope">What is moved.</param>
    /// <param name="fullMeanwhile">Tables without an identity get FULL for the time of the migration.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<IReadOnlyList<CheckedTable>> ListAsync(NpgsqlConnection connection, Scope scope, bool fullMeanwhile, CancellationToken ct)
    {
        var tables = (await Table.ListAsync(connection, ct)).Where(table => table.HoldsRows && scope.Includes(table)).ToDictionary(table => table.Oid);
        var generated = await GeneratedIdentity.FindAsync(connection, tables.Values, fullMeanwhile ? tables.Values.Where(table => !table.HasIdentity) : [], ct);
        return await connection.QueryAsync(
            Query.TableFacts,
            row => new CheckedTable(
                tables[row.GetFieldValue<uint>(0)], new TableOwner(row.GetString(1), row.GetBoolean(2)), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5), row.GetBoolean(6), row.GetBoolean(7),
                row.GetNullable<string>(8), row.GetBoolean(9), generated.GetValueOrDefault(row.GetFieldValue<uint>(0)), row.GetInt64(10)),
            ct, tables.Keys.ToArray());
    }
}

/// <summary>Who owns a table of the source.</summary>
sealed record TableOwner(string Name, bool IsSuperuser)
{
    /// <summary>Members of the owner count as owners.</summary>
    /// <param name="role">Quoted; who is to be one.</param>
    public string GrantTo(string role)
        => $"GRANT {Sql.Identifier(Name)} TO {role};"
            + (IsSuperuser ? "  -- a superuser, and its members can become one: better give the tables to another role (ALTER TABLE ... OWNER TO) and grant that" : "");
}
