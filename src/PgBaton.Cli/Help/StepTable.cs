namespace PgBaton.Cli.Help;

/// <summary>The table of steps as the library has it.</summary>
static class StepTable
{
    public static void Write(TextWriter output)
    {
        var name = Migration.Steps.Max(step => step.Name.Length);
        output.WriteLine($"{"step".PadRight(name)}  what it does");
        foreach (var step in Migration.Steps)
        {
            output.WriteLine($"{step.Name.PadRight(name)}  {step.Summary}");
            if (step.Undo is not null)
                output.WriteLine($"{"".PadRight(name)}  undo: {step.Undo}");
        }

        output.WriteLine();
        output.WriteLine("A step that was interrupted is run again from its start. From fence to open nobody can write.");
        output.WriteLine("With --offline, slot, follow and reverse have nothing to do; with --fence-first, nobody can write from copy to open.");
    }
}
