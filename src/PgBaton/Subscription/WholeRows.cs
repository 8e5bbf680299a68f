using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Subscription;

/// <summary>
/// Tables of which a subscription could not find a row again, so that the first UPDATE or DELETE would stop it for good. Without a key it compares whole rows, by the
/// default equality of each column's type (<c>tuples_equal</c> in execReplication.c): json, xml and point have none. With a key it wants every column of it from the
/// publisher (<c>logicalrep_rel_mark_updatable</c> in relation.c), and a generated one does not come.
/// </summary>
static class WholeRows
{
    /// <exception cref="MigrationException">PB0523: of a column among these tables rows cannot be compared, or a column of a key does not come.</exception>
    /// <param name="connection">To the publisher.</param>
    /// <param name="tables">Of it, those that are published or will be.</param>
    /// <param name="fullMeanwhile">Tables without a replica identity get FULL.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task MustBeComparableAsync(NpgsqlConnection connection, IEnumerable<Table> tables, bool fullMeanwhile, CancellationToken ct)
    {
        tables = [.. tables];
        if (await GeneratedIdentity.KeysAsync(connection, tables, ct) is { Count: > 0 } generated)
            throw Errors.KeyIsGenerated(generated);
        var whole = tables.Where(table => IsFoundWhole(table, fullMeanwhile)).ToDictionary(table => table.Oid);
        var columns = (await Column.ListAsync(connection, whole.Keys, ct)).SelectMany(columns => columns).Where(column => !column.IsGenerated).ToList();
        foreach (var type in columns.GroupBy(column => column.TypeOid))
        {
            if (await HasEqualityAsync(connection, type.First().Type, ct))
                continue;
            var found = type.Select(column => $"{whole[column.TableOid].QualifiedName}.{column.QuotedName}").ToList();
            throw Errors.RowsIncomparable(whole[type.First().TableOid].QualifiedName, type.First().Type, found);
        }
    }

    // Otherwise by its key, or by the index of its replica identity.
    static bool IsFoundWhole(Table table, bool fullMeanwhile)
        => table is { HoldsRows: true, IsLogged: true, HasKey: false } && (table.ReplicaIdentity == 'f' || (fullMeanwhile && !table.HasIdentity));

    // DISTINCT looks for the same equality, and says so before it reads a row.
    static async Task<bool> HasEqualityAsync(NpgsqlConnection connection, string type, CancellationToken ct)
    {
        try
        {
            await connection.ExecuteAsync($"SELECT DISTINCT value FROM (SELECT NULL::{type} AS value WHERE false) AS none", ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedFunction)
        {
            return false;
        }
    }
}
