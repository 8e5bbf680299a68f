using PgBaton.Postgres;
using PgBaton.Providers;

namespace PgBaton.Preflight;

/// <summary>Before there is a target: what the provider's own list says. As soon as there is one, it is asked itself (PB1070).</summary>
sealed class ListedExtensions() : Check(
    "PB1071", "extensions", "Does the provider to move to list every extension of the source?", "the provider to move to lists every extension of the source")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Has(Needs.Target))
            return [Fine("not looked up: the target itself was asked (PB1070)")];
        if (servers.Options.TargetProvider is not { } name)
            return [Fine("not looked up: no provider was named (--target-provider)")];
        var list = ExtensionList.Of(name);
        var uses = await Extensions.UsesAsync(servers, ct);
        return
        [
            .. from extension in await InstalledExtension.ListAsync(servers.Source.Connection, ct)
               where !list.HasFrom(extension.Name, servers.Source.Version.Major)
               select Judge(list.Sentence(name, extension.Name, servers.Source.Version.Major), extension.Name, [.. uses[extension.Name]]),
        ];
    }

    Finding Judge(string sentence, string name, IReadOnlyList<string> uses)
    {
        var message = sentence.TrimEnd('.');
        const string fix = "Ask the provider, or the target itself once there is one: what it says counts.";
        return uses.Count > 0
            ? Warning(message, $"Needed by {Listing.Of(uses)}.", fix, Sql.Identifier(name))
            : Notice(message, "Nothing in scope stands on it, so that it would be left out.", fix, Sql.Identifier(name));
    }
}
