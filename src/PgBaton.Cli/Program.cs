using System.ComponentModel;
using System.Diagnostics;
using PgBaton.Cli;

if (args is ["status", ..])
{
    StepForward();
    SystemCertificates.Ignore();
}

return await CommandLine.RunAsync(args);

// A glance at a busy machine should not wait in line behind the work it looks at. Only who may do so gets ahead (on Linux root), and before other
// threads exist, which inherit it.
static void StepForward()
{
    try
    {
        using var self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.High;
    }
    catch (Exception failure) when (failure is Win32Exception or PlatformNotSupportedException)
    {
    }
}
