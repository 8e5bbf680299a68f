using Npgsql;

namespace PgBaton.Relay;

/// <summary>One row change on its way to the target.</summary>
/// <param name="Kind">INSERT, UPDATE or DELETE.</param>
sealed record Change(TargetTable Table, string Kind, SourceTransaction Transaction, NpgsqlBatchCommand Command)
{
    /// <summary>The source changed one row; anything else here means that the two sides are not the same.</summary>
    public void MustHaveTouchedOneRow()
    {
        if (Command.RecordsAffected != 1)
            throw Errors.WrongRowCount(Table.QualifiedName, Kind, Command.RecordsAffected, Transaction.CommitLsn, Transaction.Xid, Table.KeyNames);
    }

    public MigrationException Failed(PostgresException failure)
        => Errors.ApplyFailed(Table.QualifiedName, Kind, Transaction.CommitLsn, Transaction.Xid, Table.KeyNames, failure);
}

/// <summary>What a Begin message says.</summary>
/// <param name="CommitLsn">Where its commit record begins; a table's changes are applied if this is at or after the table's copied_at.</param>
/// <param name="CommittedAt">By the source's clock.</param>
/// <param name="Xid">Of the top-level transaction.</param>
sealed record SourceTransaction(Lsn CommitLsn, DateTime CommittedAt, uint Xid)
{
    public static SourceTransaction Read(ref MessageReader begin) => new(begin.Lsn(), begin.Timestamp(), begin.Oid());
}
