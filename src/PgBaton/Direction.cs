using PgBaton.Postgres;

namespace PgBaton;

/// <summary>
/// Which way changes go: from the side that is the writer to the other one. What streams, fences, compares or opens takes its two sides from
/// here, so that the way back is the way there with the sides exchanged.
/// </summary>
/// <param name="Publisher">Its gate lets writers in; it has publication and slot.</param>
/// <param name="Subscriber">Its gate is closed; it keeps up to where changes are applied, in its pgbaton.progress.</param>
/// <param name="Migration">The migration's name.</param>
sealed record Direction(Server Publisher, Server Subscriber, string Migration)
{
    /// <summary>From target to source, after the cutover.</summary>
    public bool IsBack => Publisher.Side == Side.Target;

    /// <summary>Of the publication and of the permanent slot on the publisher. Slots are server-wide, and both sides may be on one server.</summary>
    public string SlotName => SlotNameOf(Migration, IsBack);

    /// <summary>What the operator says to turn it round.</summary>
    public string Word => IsBack ? "rollback" : "cutover";

    /// <summary>The step in which that word is awaited, and to which a cutover that fails goes back.</summary>
    public string Home => IsBack ? "return" : "follow";

    /// <summary>The other way.</summary>
    public Direction Opposite => this with { Publisher = Subscriber, Subscriber = Publisher };

    public static string SlotNameOf(string migration, bool isBack) => isBack ? $"pgbaton_{migration}_back" : $"pgbaton_{migration}";
}
