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

    /// <summary>SHA-256 of each row even where the faster hash means the same on both servers.</summary>
    public bool Sha256 { get; init; }

    /// <summary>A table (heap and TOAST) is scanned in pieces of about this many bytes.</summary>
    public long PieceBytes { get; init; } = 128L << 20;
}
