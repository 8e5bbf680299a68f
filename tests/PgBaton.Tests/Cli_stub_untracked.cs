#pragma warning disable CA1724
namespace PgBaton.Tests.Cli;

public static class Pgbaton
{
    public static string Executable => "";
}
