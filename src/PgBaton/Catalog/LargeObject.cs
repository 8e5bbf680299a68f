using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Catalog;

/// <summary>A large object, without its bytes: one row of pg_largeobject_metadata.</summary>
/// <param name="Grants">Its privileges as commands; null: the default, which is the owner's alone.</param>
/// <param name="MayRead">By our role.</param>
sealed record LargeObject(uint Oid, string Owner, string? Comment, string? Grants, bool MayRead)
{
    /// <summary>In the order of their numbers.</summary>
    public static Task<List<LargeObject>> ListAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            Query.LargeObjects,
            row => new LargeObject(row.GetFieldValue<uint>(0), row.GetString(1), row.GetNullable<string>(2), row.GetNullable<string>(3), row.GetBoolean(4)),
            ct);

    /// <summary>Whether they are moved: as pg_dump has it, they are unless certain schemas or tables are asked for.</summary>
    public static bool AreMoved(MigrationOptions options)
        => options.LargeObjects switch
        {
            LargeObjectChoice.Copy => true,
            LargeObjectChoice.Skip => false,
            _ => options.Schemas.Count + options.Tables.Count == 0,
        };
}
