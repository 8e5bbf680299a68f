using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace PgBaton.Cli;

/// <summary>Which pgbaton this is.</summary>
static class Version
{
    /// <summary>0.1.0.</summary>
    public static string Number { get; } = Informational().Split('+')[0];

    /// <summary>The commit it was built from, 40 hex digits; "unknown" outside a repository.</summary>
    public static string Commit { get; } = Informational() is var whole && whole.Contains('+', StringComparison.Ordinal) ? whole.Split('+')[1] : "unknown";

    public static string Text => $"pgbaton {Number} (commit {Commit}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})";

    // Version, and after a plus sign the commit, as the SDK writes it.
    static string Informational()
        => typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    internal sealed class Show : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.Out.WriteLine(Text);
            return 0;
        }
    }
}
