namespace PgBaton.Faults.Wire;

/// <summary>A command on its way to a server.</summary>
/// <param name="Side">source or target: which server.</param>
/// <param name="Session">application_name of the connection.</param>
/// <param name="Sql">Its text, on one line.</param>
/// <param name="Parameters">What was bound to it, as readable as it came.</param>
sealed record Command(string Side, string Session, string Sql, string Parameters)
{
    /// <summary>When it came by.</summary>
    public DateTimeOffset At { get; } = TimeProvider.System.GetUtcNow();

    public override string ToString() => $"{Session} on {Side}: {Sql}{(Parameters.Any(char.IsLetter) ? $" [{Printable(Parameters)}]" : "")}";

    static string Printable(string text) => string.Concat(text.Where(c => !char.IsControl(c) && c < 127)).Trim();
}
