namespace PgBaton.Schema;

/// <summary>When an entry is restored; the numbers are those in the archive.</summary>
enum ArchiveSection
{
    /// <summary>It has none of its own (a comment, a privilege) and goes with the entry before it.</summary>
    None = 1,

    /// <summary>Before the rows.</summary>
    PreData = 2,

    /// <summary>Rows.</summary>
    Data = 3,

    /// <summary>After the rows: indexes, constraints, triggers, rules, policies.</summary>
    PostData = 4,
}
