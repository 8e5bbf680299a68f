using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>The assistant page and the HTTP API. Only here is the web server loaded.</summary>
static class ServeCommand
{
    public static Command Create()
    {
        var listen = OptionOf.Text("--listen", "ADDRESS:PORT", "where to listen (default 127.0.0.1:7432); port 0: any that is free");
        var open = OptionOf.Flag("--open", "open the page in this machine's browser");
        var tokenFile = OptionOf.Text("--token-file", "FILE", "the token that lets visitors in, instead of a new one each time");
        var certificate = OptionOf.Text("--tls-cert", "FILE", "certificate, and what is between it and its root, as PEM");
        var key = OptionOf.Text("--tls-key", "FILE", "its key, as PEM");
        var hosts = OptionOf.Texts("--host", "NAME", "a name by which browsers may come, beside addresses and localhost");
        var insecure = OptionOf.Flag("--insecure", "let other machines come without TLS: something else encrypts");
        var pgBin = OptionOf.Text("--pg-bin", "DIR", "folder of pg_dump and pg_restore, for every migration here");
        var notify = new NotifyOptions();
        var command = new CommandOf("serve", "show the migration as a page, steer it there, or by an HTTP API")
        {
            About =
            [
                "Prints the URL to open; the token in it is the key to both databases. Only this machine can connect, unless --listen says "
                + "otherwise, which wants --token-file and TLS.",
                "What is begun on the page runs in this process. What another process runs is shown too and can be spoken to. "
                + "Ctrl-C ends it; the journal keeps the work.",
            ],
            Examples = ["pgbaton serve --open", "pgbaton serve --listen 127.0.0.1:8000 --token-file /run/secrets/pgbaton"],
        };
        foreach (var option in new Option[] { listen, open, tokenFile, certificate, key, hosts, insecure, pgBin })
            command.Add(option);
        notify.AddTo(command);
        command.Run((run, parsed, ct) =>
        {
            var settings = new ServeSettings(
                parsed.GetValue(listen) ?? "127.0.0.1:7432", parsed.GetValue(tokenFile), parsed.GetValue(certificate), parsed.GetValue(key),
                parsed.GetValue(hosts)!, parsed.GetValue(insecure),
                parsed.GetValue(GlobalOptions.Target) is null ? null : GlobalOptions.Read(parsed), options => notify.Apply(parsed, options) with { PgBin = parsed.GetValue(pgBin) ?? options.PgBin });
            return ServeAsync(run, settings, parsed.GetValue(open), ct);
        });
        return command;
    }

    static async Task<ExitCode> ServeAsync(CommandRun run, ServeSettings settings, bool open, CancellationToken ct)
    {
        var (url, server) = await settings.StartAsync(run.Time, ct);
        await using var _ = server;
        run.WriteEvent(new Notice($"serving {url}"));
        await run.Text.WriteLineAsync($"Open {url}");
        await run.Text.WriteLineAsync("Ctrl-C ends it. What runs here stops then, and goes on where it was when it is run again.");
        if (open)
            Open(url, run.Text);
        await Task.Delay(Timeout.InfiniteTimeSpan, run.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Signals.Received ?? ExitCode.Done;
    }

    static void Open(Uri url, TextWriter text)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(url.ToString()) { UseShellExecute = true });
        }
        catch (Exception failure) when (failure is Win32Exception or PlatformNotSupportedException or FileNotFoundException)
        {
            text.WriteLine($"No browser could be opened: {failure.Message}");
        }
    }
}
