using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Extensions whose library the source loads as it starts; without that they work in part, or not at all (then PB1070 tells).</summary>
sealed class PreloadedLibraries() : Check(
    "PB1072", "extensions", "Does the target load the libraries that extensions want loaded?", "the target loads the libraries that extensions want loaded", Needs.Both)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Target.Facts.Setting("shared_preload_libraries") is null)
            return [Fine("not seen: our role may not read shared_preload_libraries on the target")];
        var there = servers.Target.Facts.Preloads;
        List<string> missing =
        [
            .. from extension in await InstalledExtension.ListAsync(servers.Source.Connection, ct)
               where servers.Source.Facts.Preloads.Contains(extension.Name) && !there.Contains(extension.Name)
               select extension.Name,
        ];
        return missing.Count == 0 ? [] :
        [
            Notice(
                $"the source loads {Listing.Of(missing)} as it starts, the target does not", "What these extensions do in the background, or count, they will not do there.",
                servers.Target.Provider.Set("shared_preload_libraries", string.Join(',', there.Concat(missing).Order(StringComparer.Ordinal)), restarts: true),
                Listing.About([.. missing.Select(Sql.Identifier)])),
        ];
    }
}
