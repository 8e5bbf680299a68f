using System.Text.Json.Serialization;

namespace PgBaton;

/// <summary>The answer to one preflight question, or one thing that keeps a cutover from beginning.</summary>
/// <param name="Code">Stable (<c>PB1001</c>), with a page in docs/checks.</param>
/// <param name="Severity">A blocker keeps <c>migrate</c> from starting.</param>
/// <param name="Message">What was seen. One line.</param>
/// <param name="Detail">Why it matters.</param>
/// <param name="Fix">What to do, as SQL or a command.</param>
/// <param name="About">The object it is about, quoted.</param>
/// <param name="Group">connection, server, replication, privileges, schema, data, extensions, target, network or way back.</param>
[JsonConverter(typeof(FindingJson))]
public sealed record Finding(
    string Code, Severity Severity, string Message, string? Detail = null, string? Fix = null, string? About = null, string? Group = null);

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing.</summary>
    Notice,

    /// <summary>Will hurt under circumstances the message names.</summary>
    Warning,

    /// <summary>The migration does not start.</summary>
    Blocker,
}
