using System.Text.RegularExpressions;

namespace PgBaton.Schema;

/// <summary>Whose an object is, as pg_dump says it: a sentence behind its definition.</summary>
static partial class Ownership
{
    /// <summary>The command that makes it the new owner's; null where something else has changed too.</summary>
    /// <param name="kind">As pg_dump calls it.</param>
    /// <param name="was">The whole definition.</param>
    /// <param name="now">Likewise.</param>
    public static string? TryChange(string kind, string was, string now)
        => SchemaDrift.Comparable(kind, Owner().Replace(was, "")) == SchemaDrift.Comparable(kind, Owner().Replace(now, "")) && Owner().Match(now) is { Success: true } owner ? owner.Value : null;

    [GeneratedRegex("^ALTER [^\\n]* OWNER TO [^\\n]*;$", RegexOptions.Multiline)]
    private static partial Regex Owner();
}
