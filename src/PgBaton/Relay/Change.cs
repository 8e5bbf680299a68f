using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>One row change on its way to the target.</summary>
/// <param name="Table">On the target.</param>
/// <param name="Kind">I, U or D.</param>
/// <param name="Transaction">Of the source.</param>
/// <param name="Row">What the message says of the row.</param>
readonly record struct Change(TargetTable Table, char Kind, SourceTransaction Transaction, StreamedRow Row)
{
    /// <summary>The message, if it is so long that it is on disk. Whoever has the change repeated disposes of it then.</summary>
    public SpooledBytes? Spooled { get; init; }

    /// <summary>The command that repeats it.</summary>
    public NpgsqlBatchCommand Command() => Kind switch
    {
        'I' => Table.Insert(Row.New.Values()),
        'U' => Table.Update(Row.Old.IsMissing ? null : Row.Old.Values(), Row.New.Values()),
        _ => Table.Delete(Row.Old.Values()),
    };

    /// <summary>The source changed one row; anything else here means that the two sides are not the same.</summary>
    public void MustHaveTouchedOneRow(long rows)
    {
        if (rows != 1)
            throw Errors.WrongRowCount(Table.QualifiedName, Verb, rows, Transaction.CommitLsn, Transaction.Xid, Table.KeyNames);
    }

    public MigrationException Failed(PostgresException failure)
        => Errors.ApplyFailed(Table.QualifiedName, Verb, Transaction.CommitLsn, Transaction.Xid, Table.KeyNames, failure);

    string Verb => Kind switch { 'I' => "INSERT", 'U' => "UPDATE", _ => "DELETE" };
}

/// <summary>What a Begin message says.</summary>
/// <param name="CommitLsn">Where its commit record begins; a table's changes are applied if this is at or after the table's copied_at.</param>
/// <param name="CommittedAt">By the source's clock.</param>
/// <param name="Xid">Of the top-level transaction.</param>
sealed record SourceTransaction(Lsn CommitLsn, DateTime CommittedAt, uint Xid)
{
    public static SourceTransaction Read(ref MessageReader begin) => new(begin.Lsn(), begin.Timestamp(), begin.Oid());
}
