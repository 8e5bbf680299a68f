using System.CommandLine;
using PgBaton.Cli.Commands;
using PgBaton.Cli.Demo.Servers;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Demo;

/// <summary>Shows the whole migration on two servers of its own.</summary>
static class DemoCommand
{
    const int DefaultSourceMajor = 15;

    public static Command Create()
    {
        var rows = OptionOf.Number(
            "--rows", "N", $"rows in the sample shop (default {ShopSize.Default})", ShopSize.Default, ShopSize.Smallest, ShopSize.Largest);
        var source = OptionOf.Number("--source-major", "MAJOR", $"PostgreSQL of the source (default {DefaultSourceMajor})", DefaultSourceMajor);
        var target = OptionOf.Number("--target-major", "MAJOR", "PostgreSQL of the target (default the newest that is installed)", NewestMajor());
        var seed = OptionOf.Number("--seed", "N", "of the made-up data and transactions (default 1)", 1, 1, 1_000_000);
        var via = OptionOf.Word("--via", "who carries the changes meanwhile: pgbaton (the default), or the servers by a subscription", "relay", "subscription");
        var keep = OptionOf.Flag("--keep", "leave both servers running and say how to look at them");
        var command = new CommandOf("demo", "watch a whole migration between two throwaway servers, and see it proven")
        {
            About =
            [
                "Starts two PostgreSQL servers on free loopback ports, loads a sample shop, lets eight writers work on it, and moves it while they "
                + "go on: check, copy, follow, verify, cutover, finish. At the end the writers' own memory and plain SQL tell whether anything was "
                + "lost, doubled or changed; only then the exit code is 0.",
                "The servers and their data vanish with this process, however it ends.",
            ],
            Examples =
            [
                "pgbaton demo", "pgbaton demo --rows 100000 --keep",
                "pgbaton demo --source-major 14 --target-major 17 --json | tail -1 | jq .proofs",
            ],
        };
        foreach (var option in new Option[] { rows, source, target, seed, via, keep })
            command.Add(option);
        command.Run((run, parsed, ct) => DemoRun.RunAsync(
            run,
            new DemoOptions(
                parsed.GetValue(rows), parsed.GetValue(source), parsed.GetValue(target), parsed.GetValue(seed),
                Enum.Parse<Via>(parsed.GetValue(via) ?? nameof(Via.Relay), ignoreCase: true), parsed.GetValue(keep)),
            ct));
        return command;
    }

    static int NewestMajor() => PostgresHome.FindAll().Select(home => home.Major).DefaultIfEmpty(DefaultSourceMajor).Max();
}
