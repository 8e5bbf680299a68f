using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Schema;

namespace PgBaton.Preflight;

/// <summary>What the target itself offers counts; a provider's list only says more about what it does not offer.</summary>
sealed class Extensions() : Check(
    "PB1070", "extensions", "Does the target offer every extension of the source?", "the target offers every extension of the source", Needs.Both)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var wanted = await InstalledExtension.ListAsync(servers.Source.Connection, ct);
        if (wanted.Count == 0)
            return [];
        var uses = await UsesAsync(servers, ct);
        var offers = await ExtensionOffer.ListAsync(servers.Target.Connection, wanted.Select(extension => extension.Name), ct);
        var findings = new List<Finding>();
        foreach (var extension in wanted)
        {
            if (!offers.TryGetValue(extension.Name, out var offer))
                findings.Add(Missing(servers.Target, extension, [.. uses[extension.Name]]));
            else if (await LookAtAsync(servers, offer, extension.Version, [.. uses[extension.Name]], ct) is { } finding)
                findings.Add(finding);
        }

        return findings;
    }

    /// <summary>What in scope needs each extension of the source.</summary>
    internal static async Task<ILookup<string, string>> UsesAsync(Servers servers, CancellationToken ct)
        => (await ExtensionUse.ListAsync(servers.Source.Connection, ct)).Where(use => use.IsIn(servers.Scope))
            .ToLookup(use => use.Extension, use => use.Description, StringComparer.Ordinal);

    /// <summary>Those of the source that the target lacks or refuses, and that nothing in scope needs.</summary>
    internal static async Task<IReadOnlyList<string>> LeftOutAsync(Servers servers, CancellationToken ct)
    {
        var wanted = await InstalledExtension.ListAsync(servers.Source.Connection, ct);
        var (uses, leftOut) = (await UsesAsync(servers, ct), new List<string>());
        var offers = await ExtensionOffer.ListAsync(servers.Target.Connection, wanted.Select(extension => extension.Name), ct);
        foreach (var name in wanted.Select(extension => extension.Name).Where(name => !uses.Contains(name)))
        {
            if (!offers.TryGetValue(name, out var offer) || await RefusalAsync(servers, offer, ct) is not null)
                leftOut.Add(name);
        }

        return leftOut;
    }

    Finding Missing(CheckedServer target, InstalledExtension extension, IReadOnlyList<string> uses)
    {
        var listed = target.Provider.Extensions is { } list ? $"\n{list.Sentence(target.Provider.Name, extension.Name, target.Version.Major)}" : "";
        return Judge(
            $"the target does not offer extension {Sql.Identifier(extension.Name)} ({extension.Version} on the source)", uses,
            $"Install the extension's package on the target's server, choose a target that has it, or drop what needs it on the source.{listed}",
            Sql.Identifier(extension.Name));
    }

    // Only what stands on an extension cannot be made without it.
    Finding Judge(string message, IReadOnlyList<string> uses, string fix, string about)
        => uses.Count > 0
            ? Blocker(message, $"Needed by {Listing.Of(uses)}.", fix, about)
            : Warning(
                message,
                "It is left out: nothing in scope stands on it. What the text of functions, or the application, calls of it is in no catalog.", fix, about);

    async Task<Finding?> LookAtAsync(Servers servers, ExtensionOffer offer, string version, IReadOnlyList<string> uses, CancellationToken ct)
    {
        var about = Sql.Identifier(offer.Name);
        if (await RefusalAsync(servers, offer, ct) is { } refusal)
            return Judge(
                $"role {Sql.Identifier(servers.Target.Facts.User)} cannot make extension {about} on the target: {refusal}", uses,
                $"CREATE EXTENSION {about};  -- as a superuser of the target, or allow it, and load its library, in the provider's settings", about);
        var theirs = offer.InstalledVersion ?? offer.DefaultVersion;
        return theirs is not null && IsOlder(theirs, version)
            ? Warning(
                $"extension {about} would be {theirs} on the target, it is {version} on the source", "What the newer version added may be missing there.",
                offer.InstalledVersion is null ? "Take a target that has the newer version." : $"ALTER EXTENSION {about} UPDATE;  -- on the target", about)
            : null;
    }

    // By trying, where it is not there yet and something may speak against it; null for nothing.
    static async Task<string?> RefusalAsync(Servers servers, ExtensionOffer offer, CancellationToken ct)
        => offer.InstalledVersion is null && MayBeRefused(servers, offer) ? await ExtensionOffer.RefusalAsync(servers.Target.Connection, offer.Name, ct) : null;

    // For lack of a right, or because its library has to be there from the server's start.
    static bool MayBeRefused(Servers servers, ExtensionOffer offer)
        => (offer.NeedsSuperuser && !servers.Target.Facts.IsSuperuser) || servers.Source.Facts.Preloads.Contains(offer.Name);

    // 1.10 is newer than 1.9; what is not a number is compared as text.
    static bool IsOlder(string left, string right)
    {
        string[] a = left.Split('.', '-'), b = right.Split('.', '-');
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            var (x, y) = (a.ElementAtOrDefault(i) ?? "0", b.ElementAtOrDefault(i) ?? "0");
            var order = int.TryParse(x, out var m) && int.TryParse(y, out var n) ? m.CompareTo(n) : string.CompareOrdinal(x, y);
            if (order != 0)
                return order < 0;
        }

        return false;
    }
}
