using System.Globalization;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>What would end a statement or session of our role. Our own sessions ask for none; whether they got that, and what others get, is looked at.</summary>
sealed class RoleTimeouts() : Check(
    "PB1044", "privileges", "Does nothing end long statements and sessions of our role?", "nothing ends long statements and sessions of our role", Needs.None)
{
    static readonly string[] _names = ["statement_timeout", "transaction_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"];

    // By the SQLSTATE with which they end something.
    static readonly Dictionary<string, string> _ending = new()
    {
        ["57014"] = "statement_timeout", ["25P04"] = "transaction_timeout", ["25P03"] = "idle_in_transaction_session_timeout", ["57P05"] = "idle_session_timeout",
    };

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var server in servers.All)
        {
            var ours = Given(server.Facts.Settings);
            if (ours.Count > 0)
                findings.Add(Blocker(
                    $"our session on the {server.Side} has time limits, though it asked for none: {Listing.Of(ours)}", "A large table takes longer to copy than that.",
                    "Connect directly and not through a pooler; see the provider's settings.", Sql.Identifier(server.Facts.User)));
            else if (await OfPlainSessionAsync(server, ct) is { Count: > 0 } plain)
                findings.Add(Notice(
                    $"sessions of role {Sql.Identifier(server.Facts.User)} on the {server.Side} have time limits: {Listing.Of(plain)}",
                    "pgbaton's own sessions switch them off. What is done by hand, or by a subscription, is ended by them.",
                    Listing.Script([.. plain.Select(limit => $"ALTER ROLE {Sql.Identifier(server.Facts.User)} SET {limit.Split(' ')[0]} = 0;")]), Sql.Identifier(server.Facts.User)));
        }

        return findings;
    }

    static async Task<IReadOnlyList<string>> OfPlainSessionAsync(CheckedServer server, CancellationToken ct)
    {
        await using var plain = await server.Server.OpenPlainAsync(ct, withTimeLimits: true);
        try
        {
            return Given((await plain.QueryAsync(
                "SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY ($1)", row => (Name: row.GetString(0), Value: row.GetString(1)), ct, (object)_names))
                .ToDictionary(setting => setting.Name, setting => setting.Value));
        }
        catch (PostgresException ended) when (_ending.TryGetValue(ended.SqlState, out var name))
        {
            return [$"{name} so short that this very question was ended"];
        }
    }

    // All of them are in milliseconds.
    static List<string> Given(IReadOnlyDictionary<string, string> settings)
        =>
        [
            .. from name in _names
               where settings.GetValueOrDefault(name, "0") != "0"
               select string.Create(CultureInfo.InvariantCulture, $"{name} {double.Parse(settings[name], CultureInfo.InvariantCulture) / 1000:0.###} s"),
        ];
}
