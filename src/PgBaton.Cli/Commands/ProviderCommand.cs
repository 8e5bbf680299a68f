using System.CommandLine;
using System.Text.Json.Nodes;
using PgBaton.Cli.Options;
using PgBaton.ControlPlane;
using PgBaton.Postgres;

namespace PgBaton.Cli.Commands;

/// <summary>Has a provider set up what a migration needs, through its API; or says how a person does it.</summary>
static class ProviderCommand
{
    public static Command Create()
    {
        var action = new Argument<string>("ACTION") { Description = "enable-logical-replication, create-target or prepare-target" };
        action.AcceptOnlyFromAmong([.. ProviderOrder.Actions]);
        var options = new ProviderOptions();
        var command = new CommandOf("provider", "have the provider set up what a migration needs")
        {
            About =
            [
                "Looks first, tells what it will change, what restarts and what cannot be undone, asks, and waits until the change is complete. "
                + "Neon, PlanetScale and Amazon (RDS, Aurora) are changed through their APIs, with keys from the environment: NEON_API_KEY; PLANETSCALE_SERVICE_TOKEN_ID and "
                + "PLANETSCALE_SERVICE_TOKEN; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE in ~/.aws/credentials. For every other provider the commands to run are printed, and the exit code is 5.",
                "Written from the providers' published API descriptions and tested against servers that check each request by them; not run against the live services.",
            ],
            Examples =
            [
                "pgbaton provider enable-logical-replication --source postgresql://app@shop.abc.eu-west-1.rds.amazonaws.com/shop",
                "pgbaton provider create-target --at neon --region aws-eu-central-1 --pg-version 17 --way-back",
                "pgbaton provider prepare-target --at planetscale --database shop --disk 300GB --way-back --slot pgbaton_shop_back",
                "pgbaton provider prepare-target --at neon --project cool-name-123456 --most-units 8",
            ],
        };
        command.Add(action);
        options.AddTo(command);
        command.Run((run, parsed, ct) => RunAsync(run, options.Read(parsed, parsed.GetRequiredValue(action)), options.Yes(parsed), options.File(parsed), ct));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandRun run, ProviderOrder order, bool yes, string file, CancellationToken ct)
    {
        if (order.Action == "create-target" && File.Exists(file))
            throw Errors.Usage($"{file} exists already", detail: null, "The connection string of what is made is written there: name another file with --connection-file.");
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        ProviderChange? change;
        try
        {
            change = await new ProviderChanges(Environment.GetEnvironmentVariable, http, run.Time).PlanAsync(order, ct);
        }
        catch (MigrationException failure) when (failure.Code == "PB0901")
        {
            await TellByHandAsync(run, order, "Without a key, by hand:");
            throw;
        }

        if (change is null)
        {
            await TellByHandAsync(run, order, $"{order.NotByItself} By hand:");
            return ExitCode.Stopped;
        }

        if (change.What.Count == 0)
        {
            await run.Text.WriteLineAsync("Nothing to do: all is as it should be.");
            return ExitCode.Done;
        }

        await TellAsync(run, change);
        await ConfirmAsync(yes, ct);
        using var kept = order.Action == "create-target" ? ConnectionFile.Create(file) : null; // Before anything is made that would have no place to go.
        var made = await change.RunAsync(line => run.Text.WriteLine(line), ct);
        foreach (var (name, value) in made.Where(field => field.Key != "connection"))
            run.Result[name] = value;
        if (kept is not null)
            await KeepAsync(run, kept, file, made["connection"], ct);
        await run.Text.WriteLineAsync("Done.");
        return ExitCode.Done;
    }

    static async Task KeepAsync(CommandRun run, ConnectionFile kept, string file, string connection, CancellationToken ct)
    {
        await kept.WriteAsync(connection, ct);
        run.Result["connection_file"] = file;
        await run.Text.WriteLineAsync(
            $"The target is {ConnectionString.Parse(Side.Target, connection).Display}. Its connection string, with the password, is in {file}: pgbaton check @{file}");
    }

    static async Task TellAsync(CommandRun run, ProviderChange change)
    {
        await run.Text.WriteLineAsync("This will be done:");
        foreach (var what in change.What)
            await run.Text.WriteLineAsync($"  {what}");
        if (change.Restarts is { } restarts)
            await run.Text.WriteLineAsync($"Restarts: {restarts}");
        if (change.Irreversible is { } irreversible)
            await run.Text.WriteLineAsync($"Cannot be undone: {irreversible}");
        run.Result["changes"] = new JsonArray([.. change.What.Select(what => (JsonNode)what)]);
    }

    // It costs money or connections: where nobody can answer, it has to be said beforehand.
    static async Task ConfirmAsync(bool yes, CancellationToken ct)
    {
        if (yes)
            return;
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
            throw Errors.Usage("nothing was changed: it has to be confirmed", detail: null, "Give --yes, or run it on a terminal.");
        await Console.Error.WriteAsync("Type yes to go on: ");
        if ((await Task.Run(Console.In.ReadLine, ct).WaitAsync(ct))?.Trim() != "yes")
            throw Errors.NotConfirmed("provider");
    }

    static async Task TellByHandAsync(CommandRun run, ProviderOrder order, string why)
    {
        run.Result["command"] = order.ByHand;
        await run.Text.WriteLineAsync(why);
        await run.Text.WriteLineAsync(order.ByHand);
    }
}
