namespace PgBaton.Relay;

/// <summary>What a Relation message says about a table: the shape of the rows that follow.</summary>
/// <param name="ReplicaIdentity"><c>relreplident</c> in pg_class: d, n, f or i.</param>
sealed record StreamedRelation(uint Oid, string Schema, string Name, char ReplicaIdentity, IReadOnlyList<StreamedColumn> Columns)
{
    public static StreamedRelation Read(ref MessageReader message)
    {
        var oid = message.Oid();
        var schema = message.Text();
        var name = message.Text();
        var identity = (char)message.Byte();
        var columns = new StreamedColumn[message.Count(leastBytes: 10)];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = new StreamedColumn((message.Byte() & 1) != 0, message.Text(), message.Oid(), message.Int32());
        message.MustEnd();
        return new StreamedRelation(oid, schema.Length == 0 ? "pg_catalog" : schema, name, identity, columns);
    }

    /// <summary>Rows of both shapes can be applied by the same commands.</summary>
    public bool HasShapeOf(StreamedRelation other)
        => Schema == other.Schema && Name == other.Name && ReplicaIdentity == other.ReplicaIdentity && Columns.SequenceEqual(other.Columns);
}

/// <summary>A column of a Relation message.</summary>
/// <param name="IsKey">Part of the replica identity; every column is with REPLICA IDENTITY FULL.</param>
/// <param name="TypeOid">On the source.</param>
readonly record struct StreamedColumn(bool IsKey, string Name, uint TypeOid, int TypeModifier);
