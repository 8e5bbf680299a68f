using Npgsql;

namespace PgBaton.Schema;

/// <summary>A foreign key, and how it comes back in two moves: at once without looking at the rows, then validated.</summary>
/// <param name="Table">Quoted, with its schema.</param>
/// <param name="Constraint">Quoted.</param>
/// <param name="Definition">As <c>pg_get_constraintdef</c> prints it.</param>
/// <param name="IsOfPartitioned">PostgreSQL before 18 cannot add one NOT VALID to a partitioned table.</param>
sealed record ForeignKey(
    string Schema, string Name, string RefersToSchema, string RefersToName, string Table, string Constraint, string Definition,
    bool IsOfPartitioned)
{
    public static ForeignKey Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetBoolean(7));

    public string DropCommand => $"ALTER TABLE {Table} DROP CONSTRAINT {Constraint}";

    public IEnumerable<Waiting> Releases
    {
        get
        {
            var description = $"foreign key {Constraint} of {Table}";
            var add = $"ALTER TABLE {Table} ADD CONSTRAINT {Constraint} {Definition}";
            return AddThenValidate(description, add, IsOfPartitioned, $"ALTER TABLE {Table} VALIDATE CONSTRAINT {Constraint}");
        }
    }

    /// <summary>Keys that are NOT VALID or NOT ENFORCED on the source stay so.</summary>
    public static IEnumerable<Waiting> AddThenValidate(string description, string add, bool isOfPartitioned, string validate)
    {
        if (add.EndsWith(" NOT VALID", StringComparison.Ordinal) || add.EndsWith(" NOT ENFORCED", StringComparison.Ordinal))
            return [new("open", description, add)];
        return isOfPartitioned
            ? [new("settle", description, add)]
            : [new("open", description, $"{add} NOT VALID"), new("settle", description, validate)];
    }
}
