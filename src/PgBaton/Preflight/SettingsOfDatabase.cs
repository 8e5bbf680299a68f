using PgBaton.Schema;

namespace PgBaton.Preflight;

/// <summary>Tried: the role may be no owner of the database, a setting may need a superuser, and the target may not know it.</summary>
sealed class SettingsOfDatabase() : Check(
    "PB1086", "target", "May the target's database get the source's settings?", "the target's database can get the source's settings", needs: Needs.Both)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.ExistingSchema)
            return [];
        var (refused, commands) = (new List<string>(), new List<string>());
        foreach (var (name, command) in await DatabaseSettings.ListAsync(servers.Source.Connection, servers.Target.Server.Database, ct))
        {
            if (await Attempt.RunAsync(servers.Target.Connection, command, ct) is not { } failure)
                continue;
            refused.Add($"{name}: {failure.MessageText}");
            commands.Add($"{command};");
        }

        return refused.Count == 0
            ? []
            :
            [
                Warning(
                    $"{Listing.Count(refused.Count, "setting of the source's database", "settings of the source's database")} cannot be set on the target's",
                    $"Sessions of the application will not have what ALTER DATABASE gives them today. {Listing.Of(refused)}.",
                    Listing.Script(commands) + "\n-- on the target, by a role that may; or set it for the application's role"),
            ];
    }
}
