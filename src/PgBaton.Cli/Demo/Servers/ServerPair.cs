namespace PgBaton.Cli.Demo.Servers;

/// <summary>Both servers, started and ended together.</summary>
sealed class ServerPair : IAsyncDisposable
{
    ServerPair(ThrowawayServer source, ThrowawayServer target) => (Source, Target) = (source, target);

    public ThrowawayServer Source { get; }

    public ThrowawayServer Target { get; }

    public static async Task<ServerPair> StartAsync(PostgresHome source, PostgresHome target, CancellationToken ct)
    {
        var starting = new[] { ThrowawayServer.StartAsync(source, ct), ThrowawayServer.StartAsync(target, ct) };
        try
        {
            await Task.WhenAll(starting);
            return new ServerPair(await starting[0], await starting[1]);
        }
        catch
        {
            foreach (var started in starting.Where(task => task.IsCompletedSuccessfully))
                await (await started).DisposeAsync();
            throw;
        }
    }

    /// <summary>Both stay when this process ends; says how to look at them and how to end them.</summary>
    public async Task KeepAsync(TextWriter output, string database)
    {
        await output.WriteLineAsync("\nBoth servers are kept.");
        foreach (var (name, server) in new[] { ("source", Source), ("target", Target) })
        {
            await server.KeepAsync();
            await output.WriteLineAsync($"  look at the {name}:  {server.LookCommand(database)}");
            await output.WriteLineAsync($"  end the {name}:      {server.StopCommand}");
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(Source.DisposeAsync().AsTask(), Target.DisposeAsync().AsTask());
}
