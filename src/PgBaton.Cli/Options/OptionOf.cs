using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace PgBaton.Cli.Options;

/// <summary>Options by the kind of value they take, each with an error message of its own words.</summary>
static class OptionOf
{
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<string> Text(string name, string value, string description, string[]? aliases = null)
        => new(name, aliases ?? []) { Description = description, HelpName = value };

    /// <summary>Repeatable; one value each time.</summary>
    public static Option<string[]> Texts(string name, string value, string description, string[]? aliases = null)
        => new(name, aliases ?? [])
        {
            Description = description, HelpName = value, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => [],
        };

    /// <summary>Repeatable; each the code of a preflight question.</summary>
    public static Option<string[]> Codes(string name, string description)
    {
        var option = Texts(name, "CODE", description);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !Migration.CheckCodes.Contains(token.Value, StringComparer.OrdinalIgnoreCase)))
                result.AddError($"there is no check \"{token.Value}\": \"pgbaton explain\" lists them");
        });
        return option;
    }

    public static Option<int> Number(string name, string value, string description, int otherwise, string[]? aliases = null)
        => Number(name, value, description, otherwise, 1, 1000, aliases);

    public static Option<int> Number(string name, string value, string description, int otherwise, int least, int most, string[]? aliases = null)
        => Parsed(
            name, value, description, aliases, otherwise,
            text => int.TryParse(text, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : null, $"a whole number from {least} to {most}");

    /// <summary>The option of cutover and rollback for who numbers things outside of the database, too.</summary>
    public static Option<int> SequenceGap()
        => Number("--sequence-gap", "N", "set sequences N steps further than they stand (default 0)", 0, 0, 1_000_000_000);

    public static Option<double> Seconds(string name, string value, string description, double otherwise)
        => Parsed(name, value, description, aliases: null, otherwise, Duration.Seconds, "a number of seconds, or 500ms, 30s, 5min, 1h");

    public static Option<long> Size(string name, string value, string description, long otherwise)
        => Parsed(name, value, description, aliases: null, otherwise, ByteSize.Parse, "a size such as 500MB, 1GB, 64kB");

    /// <summary>What a size that may be left out says; null for none.</summary>
    public static long? SizeOf(this ParseResult parsed, Option<long> option) => parsed.GetValue(option) is > 0 and var size ? size : null;

    /// <summary>One of a few words.</summary>
    public static Option<string> Word(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words) };
        option.Validators.Add(result => Check(result, words.Contains, $"{string.Join(" or ", words)}"));
        return option;
    }

    /// <summary>A name that slots and publications can have.</summary>
    public static Option<string> Name(string name, string value, string description)
    {
        var option = Text(name, value, description);
        option.Validators.Add(result => Check(
            result, text => text.Length is > 0 and <= 50 && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_'),
            "lower-case letters, digits and underscores, at most 50"));
        return option;
    }

    static Option<T> Parsed<T>(
        string name, string value, string description, string[]? aliases, T otherwise, Func<string, T?> parse, string expected)
        where T : struct
        => new(name, aliases ?? [])
        {
            Description = description, HelpName = value, DefaultValueFactory = _ => otherwise,
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (parse(text) is { } parsed)
                    return parsed;
                result.AddError($"{name} takes {expected}, not \"{text}\"");
                return otherwise;
            },
        };

    static void Check(OptionResult result, Func<string, bool> isGood, string expected)
    {
        foreach (var token in result.Tokens.Where(token => !isGood(token.Value)))
            result.AddError($"{result.Option.Name} takes {expected}, not \"{token.Value}\"");
    }
}
