using System.Runtime.InteropServices;

namespace PgBaton.Cli;

/// <summary>
/// The certificates that the system trusts. On Linux the runtime reads all of them (some hundred files, 0.1 s of a core) for the first TLS connection of
/// a process, even where another root is named or nobody asks who the server is. A connection of pgbaton to PostgreSQL never needs them: the file is
/// named where it is verified (see ConnectionSecurity).
/// </summary>
static class SystemCertificates
{
    /// <summary>Has an effect before the first TLS connection of the process; other processes, those it starts too, still see theirs.</summary>
    public static void Ignore()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = SetForThisProcess("SSL_CERT_DIR", Nowhere, 1);
        _ = SetForThisProcess("SSL_CERT_FILE", Nowhere, 1);
    }

    const string Nowhere = "/dev/null";

    // The runtime asks the C library, which does not see what Environment.SetEnvironmentVariable changes.
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetForThisProcess(string name, string value, int overwrite);
}
