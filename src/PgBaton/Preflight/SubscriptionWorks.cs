using PgBaton.Postgres;
using PgBaton.Subscription;

namespace PgBaton.Preflight;

/// <summary>By doing it, on a publication that does not exist, and taking it back: there and for the way back.</summary>
sealed class SubscriptionWorks() : Check(
    "PB1033", "replication", "Could the servers carry the changes by themselves?", "the servers could carry the changes by themselves",
    needs: Needs.Both, onlyFollowing: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.Via != Via.Subscription)
            return [Fine("not tried: pgbaton carries the changes, and not the servers (--via subscription)")];
        var (source, target) = (servers.Source.Server, servers.Target.Server);
        var findings = new List<Finding>();
        if ((await WhyNotAsync(() => Ability.ProveAsync(source, target, servers.Options, ct)) ?? await WhyNotAsync(() => MustFindRowsAsync(servers, ct))) is { } refused)
            findings.Add(Blocker(refused.Message, refused.Detail, refused.Hint, refused.About));
        else if (source.Settings.Password is { Length: > 0 })
            findings.Add(Notice(
                $"the target will keep the password of role {Sql.Identifier(source.User)} of the source, in pg_subscription", "Superusers there can read it, until the cutover or \"pgbaton via relay\".",
                "A role of its own for it, with REPLICATION and SELECT on the tables: --source-from-target 'user=… password=…'"));
        if (await WhyNotAsync(() => Ability.ProveAsync(target, source, servers.Options, ct)) is { } back)
            findings.Add(Warning("after the cutover, pgbaton itself has to carry the changes back", $"{Sentence(back.Message)} {back.Detail}", back.Hint, back.About));
        return findings;
    }

    static string Sentence(string message) => $"{char.ToUpperInvariant(message[0])}{message[1..]}.";

    static Task MustFindRowsAsync(Servers servers, CancellationToken ct)
        => WholeRows.MustBeComparableAsync(servers.Source.Connection, servers.Tables.Select(table => table.Table), servers.Options.ReplicaIdentityFull, ct);

    static async Task<MigrationException?> WhyNotAsync(Func<Task> proof)
    {
        try
        {
            await proof();
            return null;
        }
        catch (MigrationException failure) when (failure.Code == "PB0523")
        {
            return failure;
        }
    }
}
