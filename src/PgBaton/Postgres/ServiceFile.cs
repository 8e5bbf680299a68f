using System.Text;

namespace PgBaton.Postgres;

/// <summary>pg_service.conf: named groups of parameters.</summary>
static class ServiceFile
{
    /// <summary>Adds the group's parameters that are not set yet.</summary>
    /// <exception cref="FormatException">No such group, or a line of it cannot be read.</exception>
    public static void Apply(Dictionary<string, string> parameters, ConnectionEnvironment environment)
    {
        var name = parameters.GetValueOrDefault("service") ?? environment.Get("PGSERVICE");
        if (name is null)
            return;
        var given = parameters.GetValueOrDefault("servicefile") ?? environment.Get("PGSERVICEFILE");
        if (given is not null && !File.Exists(given))
            throw new FormatException($"service file {given} does not exist");
        foreach (var file in Candidates(given, environment).Where(File.Exists))
        {
            if (Find(file, name) is not { } group)
                continue;
            foreach (var (key, value) in group)
                parameters.TryAdd(key, value);
            return;
        }

        throw new FormatException($"definition of service \"{name}\" not found");
    }

    static IEnumerable<string> Candidates(string? given, ConnectionEnvironment environment)
    {
        if ((given ?? environment.HomeFile(".pg_service.conf", ".pg_service.conf")) is { } own)
            yield return own;
        if (environment.Get("PGSYSCONFDIR") is { } folder)
            yield return Path.Combine(folder, "pg_service.conf");
        yield return "/etc/postgresql-common/pg_service.conf"; // Debian's.
        yield return "/etc/pg_service.conf";
    }

    static Dictionary<string, string>? Find(string file, string service)
    {
        Dictionary<string, string>? group = null;
        foreach (var (number, line) in File.ReadLines(file, Encoding.UTF8).Index())
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;
            if (text[0] == '[')
            {
                if (group is not null)
                    return group;
                if (text == $"[{service}]")
                    group = new(StringComparer.Ordinal);
                continue;
            }

            if (group is null)
                continue;
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || parts[0] is "service" or "servicefile" || !ConnectionParameters.All.ContainsKey(parts[0]))
                throw new FormatException($"line {number + 1} of service file {file} is not a parameter that libpq knows there");
            group.TryAdd(parts[0], parts[1]);
        }

        return group;
    }
}
