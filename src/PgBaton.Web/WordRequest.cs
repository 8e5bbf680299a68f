namespace PgBaton.Web;

/// <summary>What goes with a word. Commands to run and files to read are not taken from the network.</summary>
sealed class WordRequest
{
    /// <summary>cutover, rollback, finish, abort: the migration's name, typed by whoever is sure.</summary>
    public string? Confirm { get; set; }

    /// <summary>Answer when the word is carried out, not when it is said.</summary>
    public bool Wait { get; set; }

    public double? MaxDowntimeSeconds { get; set; }
    public string? ProbeRole { get; set; }
    public bool Rehearse { get; set; }
    public bool NoReverse { get; set; }
    public int? SequenceGap { get; set; }
    public bool Counts { get; set; }
    public bool Repair { get; set; }
    public long? MaxRate { get; set; }
    public Via? Via { get; set; }
    public bool UnlockSource { get; set; }
    public bool Apply { get; set; }
    public bool Accept { get; set; }
    public IReadOnlyList<string>? AddTables { get; set; }
    public IReadOnlyList<string>? RemoveTables { get; set; }

    /// <summary>Null if it makes sense.</summary>
    public string? ObjectionTo(string word) => (word, AddTables?.Count ?? 0, RemoveTables?.Count ?? 0) switch
    {
        ("tables", 0, 0) => "\"tables\" wants add_tables or remove_tables: patterns of names",
        ("tables", > 0, > 0) => "add_tables and remove_tables are two words",
        (not "tables", var add, var remove) when add + remove > 0 => "add_tables and remove_tables go with \"tables\"",
        _ when MaxDowntimeSeconds is not (null or (> 0 and <= 3600)) => "max_downtime_seconds is a number of seconds: more than 0, and 3600 at most",
        _ when Apply && Accept => "apply and accept exclude each other",
        _ => null,
    };

    public WordArguments ToArguments()
    {
        var otherwise = new WordArguments();
        return otherwise with
        {
            MaxDowntimeSeconds = MaxDowntimeSeconds ?? otherwise.MaxDowntimeSeconds,
            ProbeRole = ProbeRole,
            Rehearse = Rehearse,
            NoReverse = NoReverse,
            SequenceGap = SequenceGap ?? otherwise.SequenceGap,
            Counts = Counts,
            Repair = Repair,
            MaxRate = MaxRate,
            Via = Via ?? otherwise.Via,
            UnlockSource = UnlockSource,
            Apply = Apply,
            Accept = Accept,
            AddTables = AddTables ?? [],
            RemoveTables = RemoveTables ?? [],
        };
    }
}
