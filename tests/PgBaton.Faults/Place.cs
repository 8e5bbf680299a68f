using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>A command that pgbaton sends: something may happen before the server has seen it, or when it is carried out and pgbaton does not know.</summary>
/// <param name="Step">In which it is sent.</param>
/// <param name="Name">What it does.</param>
/// <param name="Side">source or target.</param>
/// <param name="Session">application_name without <c>pgbaton/</c>.</param>
/// <param name="Sql">What stands at its beginning.</param>
/// <param name="Parameter">What is among its parameters.</param>
/// <param name="Occurrence">The how-manieth such command of a process.</param>
public sealed record Place(string Step, string Name, string Side, string Session, string Sql, string Parameter = "", int Occurrence = 1)
{
    public override string ToString() => $"{Step}: {Name}";

    internal bool Matches(Command command)
        => command.Side == Side && command.Session == $"pgbaton/{Session}"
            && command.Sql.StartsWith(Sql, StringComparison.Ordinal) && command.Parameters.Contains(Parameter, StringComparison.Ordinal);
}
