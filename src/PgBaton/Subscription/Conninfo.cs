using PgBaton.Postgres;

namespace PgBaton.Subscription;

/// <summary>How one server reaches the other: libpq's keywords, with the password, which the subscriber keeps in pg_subscription.</summary>
static class Conninfo
{
    // Files and session settings are of our machine, and mean nothing on theirs.
    static readonly string[] _variables = ["PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGSSLMODE", "PGCHANNELBINDING"];

    /// <summary>For the publisher as we reach it, with what the operator says is different from over there.</summary>
    /// <param name="publisher">Its settings are taken.</param>
    /// <param name="differences">A connection string; what it names replaces ours. Null: nothing.</param>
    /// <exception cref="MigrationException">PB0001.</exception>
    public static string Of(Server publisher, string? differences)
    {
        var ours = LibpqEnvironment.Of(publisher.Settings);
        var parameters = ConnectionParameters.All.Values.Where(parameter => parameter.Variable is { } variable && _variables.Contains(variable) && ours.ContainsKey(variable))
            .ToDictionary(parameter => parameter.Name, parameter => ours[parameter.Variable!]);
        if (publisher.Settings.Password is { Length: > 0 } password)
            parameters["password"] = password;
        parameters["connect_timeout"] = "15";
        foreach (var (name, value) in Read(publisher.Side, differences))
            parameters[name] = value;
        return string.Join(' ', parameters.Select(parameter => $"{parameter.Key}={Quote(parameter.Value)}"));
    }

    static Dictionary<string, string> Read(Side side, string? differences)
    {
        try
        {
            return differences is null ? [] : ConnectionStringText.Read(differences);
        }
        catch (FormatException failure)
        {
            throw Errors.MalformedConnectionString(side, failure.Message);
        }
    }

    static string Quote(string value) => $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
