using PgBaton.Onlookers;
using PgBaton.Tests.ControlPlane;

namespace PgBaton.Tests.Onlookers;

/// <summary>Who is told what by <c>--notify</c>, and what becomes of it when nobody listens.</summary>
public sealed class WebhookTests
{
    static readonly Warning SlotAtRisk = new("PB0522", "slot pgbaton_shop keeps 51 MB of WAL", "Find out why.");

    [Fact]
    public async Task a_run_that_stops_is_told_with_its_code_and_what_to_do()
    {
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var hook = new Hook();
        await target.ExecuteAsync("CREATE SCHEMA pgbaton"); // Not ours.
        await using var migration = Migration.Open(new MigrationOptions { Source = target.Uri, Target = target.Uri, Notify = hook.Url });
        var failure = await Assert.ThrowsAsync<MigrationException>(() => migration.RunAsync(Goal.Finished));

        var told = Assert.Single(hook.Delivered);
        Assert.Equal(("stopped", failure.Code, failure.Hint), ((string?)told["kind"], (string?)told["code"], (string?)told["hint"]));
        var (source, _) = Migration.AddressesOf(new MigrationOptions { Source = target.Uri, Target = target.Uri });
        Assert.Equal((1, source, source), ((int)told["schema"]!, (string?)told["source"], (string?)told["target"]));
        Assert.Equal($"pgbaton, {source} → {source}: stopped: {failure.Message}", (string?)told["text"]);
    }

    [Fact]
    public async Task who_is_busy_is_told_again_and_in_order()
    {
        await using var hook = new Hook(503, 429);
        var events = await TellAsync(hook.Url, new InSync(0.1), new TargetOpened(0.25), new Notice("nothing of it"), new StepDone("clean", 1));

        Assert.Equal(["in_sync", "opened", "finished"], hook.Kinds);
        Assert.Contains("nobody could write for 0.25 s", (string)hook.Delivered[1]["text"]!, StringComparison.Ordinal);
        Assert.Equal(5, hook.Requests.Count);
        Assert.DoesNotContain(events, happened => happened is Warning);
    }

    [Fact]
    public async Task who_does_not_want_it_is_asked_once_and_named_without_the_secret()
    {
        await using var hook = new Hook(404);
        var events = await TellAsync(hook.Url, new InSync(0.1), SlotAtRisk);

        Assert.Equal(["slot_at_risk"], hook.Kinds);
        Assert.Equal(("PB0522", "Find out why."), ((string?)hook.Delivered[0]["code"], (string?)hook.Delivered[0]["hint"]));
        Assert.Equal(1, hook.Refused);
        var warning = Assert.Single(events.OfType<Warning>(), warning => warning != SlotAtRisk);
        Assert.Equal(("PB0047", "127.0.0.1 was not told (in_sync): it answers 404"), (warning.Code, warning.Message));
        Assert.DoesNotContain(Hook.Secret, warning.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task nobody_at_the_address_is_a_warning_and_the_run_goes_on()
    {
        Uri gone;
        await using (var hook = new Hook())
            gone = hook.Url;
        var warning = Assert.Single((await TellAsync(gone, new InSync(0.1))).OfType<Warning>());
        Assert.Equal("PB0047", warning.Code);
        Assert.DoesNotContain(Hook.Secret, warning.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void a_long_lag_is_told_once_until_it_is_half_of_that_again()
    {
        var occasions = new Occasions("old:5432/shop", "new:5432/shop", TimeSpan.FromSeconds(60), TimeProvider.System);
        double[] seconds = [1, 59, 60, 90, 31, 29, 59, 61];
        Assert.Equal(
            [null, null, "lag", null, null, "caught_up", null, "lag"],
            seconds.Select(lag => occasions.Of(new LagMeasured(5 << 20, lag, "0/1", 0, 0, 0))?.Kind));
    }

    [Fact]
    public void a_password_in_a_failure_is_not_told()
    {
        var occasions = new Occasions("old:5432/shop", "new:5432/shop", TimeSpan.FromSeconds(60), TimeProvider.System);
        var told = occasions.OfFailure(new InvalidOperationException("cannot reach postgresql://app:s3cret@old/shop"));
        Assert.Equal("pgbaton, old:5432/shop → new:5432/shop: stopped: cannot reach postgresql://app:***@old/shop", told.Text);
    }

    // All that was reported, with what the webhook itself reports.
    static async Task<List<MigrationEvent>> TellAsync(Uri url, params MigrationEvent[] happened)
    {
        await using var migration = Migration.Open(
            new MigrationOptions { Source = "postgresql://h/a", Target = "postgresql://h/b", Notify = url }, new HurriedTime());
        var events = new List<MigrationEvent>();
        migration.Happened += events.Add;
        await using (Webhook.Of(migration))
        {
            foreach (var one in happened)
                migration.Report(one);
        }

        return events;
    }
}
