namespace PgBaton.Cli.Options;

/// <summary>Every user of the machine can read the arguments of every process.</summary>
static class PasswordInArguments
{
    public static void Warn(IEnumerable<string> args, TextWriter error)
    {
        if (!args.Any(Secrets.IsIn))
            return;
        error.WriteLine("WARNING:  a password stands in the arguments, where every user of this machine can read it");
        error.WriteLine("HINT:  Use ~/.pgpass, PGBATON_SOURCE and PGBATON_TARGET, or a file of arguments (pgbaton migrate @prod.args).");
    }
}
