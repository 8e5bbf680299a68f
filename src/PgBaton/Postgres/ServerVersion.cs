namespace PgBaton.Postgres;

/// <summary>A server's <c>server_version_num</c>, and what follows from it. Code asks for the named facts and never compares numbers.</summary>
readonly record struct ServerVersion(int Number) : IComparable<ServerVersion>
{
    /// <summary>11 … 18.</summary>
    public int Major => Number / 10000;

    /// <summary>The oldest source we read: publications with TRUNCATE came with it.</summary>
    public const int OldestSourceMajor = 11;

    /// <summary>The oldest target we write to: what we test against.</summary>
    public const int OldestTargetMajor = 14;

    /// <summary>The oldest that counts the errors of its subscriptions (pg_stat_subscription_stats, 15).</summary>
    public const int OldestSubscriberMajor = 15;

    /// <summary>The setting jit exists (11); a server of 10 is still to be told that it is too old.</summary>
    public bool HasJit => Major >= 11;

    /// <summary>Columns can be generated: pg_attribute has attgenerated (12).</summary>
    public bool HasGeneratedColumns => Major >= 12;

    /// <summary>pg_current_snapshot() exists; before, txid_current_snapshot() prints the same (13).</summary>
    public bool HasCurrentSnapshot => Major >= 13;

    /// <summary>idle_session_timeout exists (14).</summary>
    public bool HasIdleSessionTimeout => Major >= 14;

    /// <summary>transaction_timeout exists (17).</summary>
    public bool HasTransactionTimeout => Major >= 17;

    /// <summary>A condition on ctid is answered by a TID range scan, so that a ctid range costs only its own pages (14).</summary>
    public bool HasTidRangeScan => Major >= 14;

    /// <summary>pgoutput knows <c>binary</c>, <c>messages</c> and <c>streaming</c> (14).</summary>
    public bool HasLogicalMessages => Major >= 14;

    /// <summary>pg_publication_tables and friends know column lists and row filters (15).</summary>
    public bool HasPublicationFilters => Major >= 15;

    /// <summary>pg_database records the version of its collation (15).</summary>
    public bool HasDatabaseCollationVersion => Major >= 15;

    /// <summary>pg_stat_wal counts the bytes of WAL written (14).</summary>
    public bool HasWalStatistics => Major >= 14;

    /// <summary>GRANT SET ON PARAMETER exists, so that session_replication_role can be granted (15).</summary>
    public bool HasParameterPrivileges => Major >= 15;

    public int CompareTo(ServerVersion other) => Number.CompareTo(other.Number);

    public static bool operator <(ServerVersion left, ServerVersion right) => left.Number < right.Number;
    public static bool operator >(ServerVersion left, ServerVersion right) => left.Number > right.Number;
    public static bool operator <=(ServerVersion left, ServerVersion right) => left.Number <= right.Number;
    public static bool operator >=(ServerVersion left, ServerVersion right) => left.Number >= right.Number;

    /// <summary>As the server itself prints it: 15.20.</summary>
    public override string ToString() => $"{Major}.{Number % 10000}";
}
