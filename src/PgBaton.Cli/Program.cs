return await PgBaton.Cli.CommandLine.RunAsync(args);
