using System.CommandLine;

namespace PgBaton.Cli.Demo;

/// <summary>Two throwaway servers, sample data, live writers, the whole migration.</summary>
static class DemoCommand
{
    public static Command Create() => new("demo", "show the whole migration on two throwaway servers");
}
