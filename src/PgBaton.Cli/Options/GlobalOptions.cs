using System.CommandLine;

namespace PgBaton.Cli.Options;

/// <summary>What every command takes.</summary>
static class GlobalOptions
{
    public static Option<string> Source { get; } = Everywhere(OptionOf.Text("--source", "URI", "the database in use today: URI or libpq keywords"));

    public static Option<string> Target { get; } = Everywhere(OptionOf.Text("--target", "URI", "the database to move to"));

    public static Option<string> SourceFromTarget { get; } = Everywhere(OptionOf.Text(
        "--source-from-target", "URI", "for a subscription: what is different when the target's server connects to the source (host=… port=…)"));

    public static Option<string> TargetFromSource { get; } = Everywhere(OptionOf.Text(
        "--target-from-source", "URI", "the same for the way back"));

    public static Option<string> Name { get; } = Everywhere(OptionOf.Name("--name", "NAME", "name of the migration, if there are several"));

    public static Option<string> Wire { get; } = Everywhere(OptionOf.Word(
        "--wire", "who speaks the protocol where changes and rows pass: pgbaton itself (the default), or the driver", "own", "npgsql"));

    public static Option<bool> Json { get; } = Everywhere(OptionOf.Flag("--json", "one JSON object per line on standard output"));

    /// <summary>The connection strings and the name.</summary>
    /// <exception cref="MigrationException">PB0002: there is no target.</exception>
    public static MigrationOptions Read(ParseResult parsed) => new()
    {
        Source = parsed.GetValue(Source),
        Target = parsed.GetValue(Target) ?? throw Errors.MissingConnectionString(Postgres.Side.Target),
        Name = parsed.GetValue(Name),
        SourceFromTarget = parsed.GetValue(SourceFromTarget),
        TargetFromSource = parsed.GetValue(TargetFromSource),
        Wire = WireOf(parsed),
    };

    /// <summary>Of a command that always talks to the source.</summary>
    /// <exception cref="MigrationException">PB0002.</exception>
    public static MigrationOptions ReadBoth(ParseResult parsed)
        => parsed.GetValue(Source) is null ? throw Errors.MissingConnectionString(Postgres.Side.Source) : Read(parsed);

    /// <summary>Of a command that can do without a target, which is then empty.</summary>
    /// <exception cref="MigrationException">PB0002.</exception>
    public static MigrationOptions ReadSource(ParseResult parsed) => new()
    {
        Source = parsed.GetValue(Source) ?? throw Errors.MissingConnectionString(Postgres.Side.Source),
        Target = parsed.GetValue(Target) ?? "",
        Name = parsed.GetValue(Name),
        SourceFromTarget = parsed.GetValue(SourceFromTarget),
        TargetFromSource = parsed.GetValue(TargetFromSource),
        Wire = WireOf(parsed),
    };

    static StreamWire WireOf(ParseResult parsed) => parsed.GetValue(Wire) == "npgsql" ? StreamWire.Npgsql : StreamWire.Own;

    static Option<T> Everywhere<T>(Option<T> option)
    {
        option.Recursive = true;
        return option;
    }
}
