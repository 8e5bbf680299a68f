using System.Text.RegularExpressions;
using Npgsql;

namespace PgBaton.Schema;

/// <summary>The refusals of a target that lose nothing. Whatever is not named here stops the run.</summary>
static partial class Refusal
{
    public static bool IsHarmless(Entry entry, PostgresException refusal) => (entry.Kind, refusal.SqlState) switch
    {
        ("SCHEMA", PostgresErrorCodes.DuplicateSchema) => true,
        ("ROLE", PostgresErrorCodes.DuplicateObject) => true,
        ("EXTENSION" or "PROCEDURAL LANGUAGE", PostgresErrorCodes.DuplicateObject) => true,
        // On a managed server they belong to the provider, who has made them already.
        ("PROCEDURAL LANGUAGE", PostgresErrorCodes.InsufficientPrivilege) => entry.Description.EndsWith(" plpgsql", StringComparison.Ordinal),
        ("COMMENT", PostgresErrorCodes.InsufficientPrivilege)
            => entry.Description.StartsWith("COMMENT EXTENSION ", StringComparison.Ordinal) || entry.Description == "COMMENT SCHEMA public",
        _ => false,
    };

    /// <summary>
    /// Rows of the default partition belong to a new one, until the stream has brought that they were moved; its indexes become part of the root's with it.
    /// </summary>
    public static bool WaitsForStream(Entry entry, PostgresException refusal) => (entry.Kind, refusal.SqlState)
        is ("TABLE ATTACH", PostgresErrorCodes.CheckViolation) or ("INDEX ATTACH", PostgresErrorCodes.ObjectNotInPrerequisiteState);

    /// <summary>What loses nothing but a way of storing, without what the server has refused; null if that was something else.</summary>
    public static Entry? WithoutUnknownOption(Entry entry, PostgresException refusal)
        => WithoutCompositeVersion(entry, refusal) ?? WithoutCompression(entry, refusal) ?? NotNullApart(entry, refusal);

    /// <summary>A definition without all that a target may not know and can do without.</summary>
    public static string WithoutOptions(string command) => OnlyAttver().Replace(AttverAmongOthers().Replace(Compression().Replace(command, ""), ""), "");

    // The target was built without lz4: values are compressed by its own default there.
    static Entry? WithoutCompression(Entry entry, PostgresException refusal)
    {
        if (refusal.SqlState != PostgresErrorCodes.FeatureNotSupported || refusal.MessageText != "compression method lz4 not supported")
            return null;
        var command = Compression().Replace(entry.Command, "");
        return command == entry.Command ? null : entry with { Command = command };
    }

    // Newer minor releases keep a version of composite types in a column option, pg_attver, which means nothing to another cluster and which
    // older servers do not know.
    static Entry? WithoutCompositeVersion(Entry entry, PostgresException refusal)
    {
        if (refusal.SqlState != PostgresErrorCodes.InvalidParameterValue || refusal.MessageText != "unrecognized parameter \"pg_attver\"")
            return null;
        var command = OnlyAttver().Replace(AttverAmongOthers().Replace(entry.Command, ""), "");
        return command == entry.Command ? null : entry with { Command = command };
    }

    // pg_dump 18 says among the columns which inherited ones are not null by the child's own wish; servers before 18 know no such line.
    static Entry? NotNullApart(Entry entry, PostgresException refusal)
    {
        if (refusal.SqlState != PostgresErrorCodes.SyntaxError || CreatedTable().Match(entry.Command) is not { Success: true } table)
            return null;
        var lines = OwnNotNull().Matches(entry.Command);
        if (lines.Count == 0)
            return null;
        var command = OwnNotNull().Replace(entry.Command, "");
        if (!lines[^1].Value.EndsWith(",\n", StringComparison.Ordinal)) // It was the last; now the one before it is.
            command = CommaAtEnd().Replace(command, "\n)", 1);
        var commands = lines.Select(line => $"ALTER {table.Groups["kind"].Value} ONLY {table.Groups["name"].Value} ALTER COLUMN {line.Groups["column"].Value} SET NOT NULL;\n");
        return entry with { Command = string.Concat([command, .. commands]) };
    }

    [GeneratedRegex("""^CREATE (?:UNLOGGED )?(?<kind>(?:FOREIGN )?TABLE) (?<name>(?:"(?:[^"]|"")*"|[^\s".]+)\.(?:"(?:[^"]|"")*"|[^\s".]+)) \(""", RegexOptions.Multiline)]
    private static partial Regex CreatedTable();

    // A line of its own.
    [GeneratedRegex("""^    (?:CONSTRAINT (?:"(?:[^"]|"")*"|\w+) )?NOT NULL (?<column>"(?:[^"]|"")*"|\w+)(?: NO INHERIT)?,?\n""", RegexOptions.Multiline)]
    private static partial Regex OwnNotNull();

    [GeneratedRegex(@",\n\)")]
    private static partial Regex CommaAtEnd();

    [GeneratedRegex(@"^ALTER TABLE [^\n]* ALTER COLUMN [^\n]* SET COMPRESSION lz4;\n?", RegexOptions.Multiline)]
    private static partial Regex Compression();

    // The whole command, on a line of its own as pg_dump writes it.
    [GeneratedRegex(@"^ALTER [^\n]* (?:ALTER COLUMN|ALTER ATTRIBUTE) [^\n]* SET \(pg_attver='?\d+'?\);\n?", RegexOptions.Multiline)]
    private static partial Regex OnlyAttver();

    [GeneratedRegex(@"(?<=^ALTER [^\n]* SET \([^\n]*)(?:, pg_attver='?\d+'?|(?<=\()pg_attver='?\d+'?, )", RegexOptions.Multiline)]
    private static partial Regex AttverAmongOthers();
}
