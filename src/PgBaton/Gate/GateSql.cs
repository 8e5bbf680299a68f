using System.Runtime.CompilerServices;

namespace PgBaton.Gate;

/// <summary>What the schemas <c>pgbaton</c> of both sides are made of; each is the .sql file of that name.</summary>
static class GateSql
{
    /// <summary>The schema <c>pgbaton</c> of a target: the journal.</summary>
    public static string Journal { get; } = Load();

    /// <summary>What each side keeps for itself.</summary>
    public static string Side { get; } = Load();

    /// <summary>The schema <c>pgbaton</c> of a source.</summary>
    public static string GateSchema { get; } = Load();

    /// <summary>The table with the state.</summary>
    public static string Gate { get; } = Load();

    /// <summary>The function: who writes holds the lock.</summary>
    public static string GateArmed { get; } = Load();

    /// <summary>The function: nobody writes without the token.</summary>
    public static string GateClosed { get; } = Load();

    /// <summary>The function: everybody writes.</summary>
    public static string GateOpen { get; } = Load();

    /// <summary>The table that marks places in the stream of an old source.</summary>
    public static string Marker { get; } = Load();

    /// <summary>The two keys of the advisory lock: "pgba", "gate" in ASCII. Every writing transaction has it shared, the fence exclusively.</summary>
    public const string Lock = "1885823585, 1734440037";

    /// <summary>The comment that makes a schema <c>pgbaton</c> on a source ours.</summary>
    public const string SchemaComment = "pgbaton gate";

    static string Load([CallerMemberName] string name = "")
    {
        var file = $"{char.ToLowerInvariant(name[0])}{name[1..]}.sql";
        using var stream = typeof(GateSql).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
