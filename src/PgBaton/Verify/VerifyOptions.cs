namespace PgBaton.Verify;

/// <summary>What to compare and how hard to push the servers.</summary>
sealed record VerifyOptions
{
    /// <summary>Sessions that scan at the same time, on each side; null: as many as the migration's jobs.</summary>
    public int? Jobs { get; init; }

    /// <summary>At most so many differing rows of a table are listed.</summary>
    public int Show { get; init; } = 20;

    /// <summary>Leave out what was found equal since it was last copied.</summary>
    public bool OnlyUnverified { get; init; }

    /// <summary>Read the values of the rows that are listed. They are kept in the journal with the keys until the table is verified again.</summary>
    public bool Values { get; init; }

    /// <summary>At most so many bytes a second are read on each side; null: as fast as the servers are.</summary>
    public long? MaxRate { get; init; }

    /// <summary>The word that is carried out: what it has verified already, in a process that was killed, is not done again. Null: everything is.</summary>
    public long? WordId { get; init; }

    /// <summary>Only these; null: every table in scope.</summary>
    public IReadOnlyList<TableName>? Tables { get; init; }

    /// <summary>SHA-256 of each row even where the faster hash means the same on both servers.</summary>
    public bool Sha256 { get; init; }

    /// <summary>A table (heap and TOAST) is scanned in pieces of about this many bytes.</summary>
    public long PieceBytes { get; init; } = 128L << 20;

    /// <summary>With a brake, pieces of about a quarter of a second: what is read between two stops must be short.</summary>
    public long BytesAtATime => MaxRate is { } rate ? Math.Clamp(rate / 4, 256L << 10, PieceBytes) : PieceBytes;
}
