namespace PgBaton.Cli.Commands;

/// <summary>A question before what cannot be taken back. Asked only where somebody can answer it.</summary>
static class Confirmation
{
    /// <exception cref="MigrationException">PB0022: something else was typed. PB0206: there is no migration.</exception>
    public static async Task AskAsync(string command, string consequence, MigrationOptions options, CancellationToken ct)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
            return;
        var status = await Migration.StatusAsync(options, ct);
        if (status.Name is not { } name)
            throw Errors.NoMigration(status.TargetAddress!);

        await Console.Error.WriteLineAsync($"This will {consequence}: {status.SourceAddress} → {status.TargetAddress}.");
        await Console.Error.WriteAsync($"Type the name of the migration ({name}) to go on: ");
        var typed = await Task.Run(Console.In.ReadLine, ct).WaitAsync(ct);
        if (typed?.Trim() != name)
            throw Errors.NotConfirmed(command);
    }
}
