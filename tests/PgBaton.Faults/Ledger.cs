using PgBaton.Faults.Application;

namespace PgBaton.Faults;

/// <summary>The client's memory against the server's: acknowledged is there, nothing is there that was not attempted, nothing twice.</summary>
static class Ledger
{
    public static async Task ProveAsync(TestDatabase database, IReadOnlyList<Writer> clients)
    {
        foreach (var client in clients)
        {
            var found = await database.QueryAsync<string>(
                $"SELECT format('%s rows, %s numbers, %s to %s', count(*), count(DISTINCT n), min(n), max(n)) FROM ledger WHERE writer = {client.Number}");
            // A commit whose answer was lost when the clients were ended may be there as well.
            var acknowledged = client.Acknowledged;
            Assert.Contains(found, new[] { Expect(acknowledged), Expect(acknowledged + 1) });
            Assert.True(await database.QueryAsync<bool>(
                $"""
                SELECT (SELECT n FROM counter WHERE writer = {client.Number}) = (SELECT count(*) FROM ledger WHERE writer = {client.Number})
                   AND (SELECT count(*) FROM ledger WHERE writer = {client.Number}) = (SELECT count(*) FROM entry WHERE writer = {client.Number})
                """), $"writer {client.Number}: counter, entries and ledger do not agree");
        }

        Assert.Equal(50_000, await database.QueryAsync<long>("SELECT sum(balance)::bigint FROM account"));
    }

    static string Expect(int n) => $"{n} rows, {n} numbers, 1 to {n}";
}
