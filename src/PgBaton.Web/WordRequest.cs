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
        };
    }
}
