using PgBaton.Cutover;
using PgBaton.Postgres;
using PgBaton.Sequences;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Sequences;

public sealed class SetSequencesTests
{
    const string Schema =
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE b (id serial PRIMARY KEY);
        CREATE SEQUENCE never_called;
        CREATE SEQUENCE set_not_called;
        CREATE SEQUENCE down INCREMENT -3 MINVALUE -100 MAXVALUE -1 START -1;
        CREATE SEQUENCE small AS smallint MAXVALUE 3;
        CREATE SEQUENCE round MAXVALUE 3 CYCLE;
        CREATE SEQUENCE cached CACHE 50;
        CREATE SEQUENCE "Quote'd ""S\eq""; $1";
        CREATE SCHEMA other;
        CREATE SEQUENCE other.shared;
        """;

    const string Use =
        """
        INSERT INTO a DEFAULT VALUES; INSERT INTO a DEFAULT VALUES; INSERT INTO b DEFAULT VALUES;
        SELECT setval('set_not_called', 77, false), nextval('down'), nextval('down'), nextval('cached'), nextval('other.shared');
        SELECT nextval('small'), nextval('small'), nextval('small');
        SELECT nextval('round'), nextval('round'), nextval('round'), nextval('round');
        SELECT setval('"Quote''d ""S\eq""; $1"', 9223372036854775807);
        """;

    static async Task<List<string>> StatesAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync();
        var sequences = await PgBaton.Catalog.Sequence.ListAsync(connection, default);
        return [.. (await SequenceState.ReadAsync(connection, sequences, withDefinition: false, default)).Select(state => state.ToString())];
    }

    [Fact]
    public async Task sequences_of_every_kind_stand_where_they_stood_and_the_source_loses_no_value()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.Source.ExecuteAsync(Use);
        var before = await StatesAsync(pair.Source);
        Assert.Equal(10, (await SetSequences.CarryOverAsync(pair.Migration, [], default)).Count);
        Assert.Equal(before, await StatesAsync(pair.Source));
        Assert.Equal(before, await StatesAsync(pair.Target));
        Assert.Equal(77L, await pair.Target.QueryAsync<long>("SELECT nextval('set_not_called')"));
        Assert.Equal("2200H", await GatePair.FailureAsync(pair.Target, "SELECT nextval('small')"));
        Assert.Equal(1L, await pair.Target.QueryAsync<long>("SELECT nextval('never_called')"));
    }

    [Fact]
    public async Task one_that_went_backwards_on_the_source_goes_backwards_on_the_target()
    {
        await using var pair = await GatePair.CreateAsync("CREATE SEQUENCE s");
        await pair.Source.ExecuteAsync("SELECT setval('s', 5)");
        await pair.Target.ExecuteAsync("SELECT setval('s', 500)");
        await SetSequences.CarryOverAsync(pair.Migration, [], default);
        Assert.Equal(5L, await pair.Target.QueryAsync<long>("SELECT last_value FROM s"));
    }

    [Fact]
    public async Task a_gap_is_as_many_steps_and_never_beyond_the_bounds()
    {
        await using var pair = await GatePair.CreateAsync(
            "CREATE SEQUENCE up INCREMENT 5; CREATE SEQUENCE down INCREMENT -3 MAXVALUE -1; CREATE SEQUENCE fresh; CREATE SEQUENCE small AS smallint; CREATE SEQUENCE over MAXVALUE 3");
        await pair.Source.ExecuteAsync("SELECT setval('up', 10), setval('down', -10), setval('small', 32700), setval('over', 3)");
        await pair.SayAsync("cutover", new WordArguments { SequenceGap = 100 });
        await SetSequences.CarryOverAsync(pair.Migration, [], default);
        Assert.Equal("515 -313 101 32701", await pair.Target.QueryAsync<string>("SELECT concat_ws(' ', nextval('up'), nextval('down'), nextval('fresh'), nextval('small'))"));
        Assert.Equal("2200H", await GatePair.FailureAsync(pair.Target, "SELECT nextval('over')")); // Exhausted stays exhausted.
    }

    [Fact]
    public async Task one_that_the_target_has_not_is_named()
    {
        await using var pair = await GatePair.CreateAsync("CREATE SEQUENCE s");
        await pair.Source.ExecuteAsync("CREATE SEQUENCE \"La\"\"te\"");
        var failure = await Assert.ThrowsAsync<MigrationException>(() => SetSequences.CarryOverAsync(pair.Migration, [], default));
        Assert.Equal(("PB0710", "\"public\".\"La\"\"te\""), (failure.Code, failure.About));
    }

    [Fact]
    public async Task what_is_out_of_scope_is_left_alone()
    {
        await using var pair = await GatePair.CreateAsync(
            "CREATE TABLE moves (id serial); CREATE TABLE stays (id serial)", shape: options => options with { Tables = ["moves"] });
        await pair.Source.ExecuteAsync("INSERT INTO moves DEFAULT VALUES; INSERT INTO stays DEFAULT VALUES");
        Assert.Single(await SetSequences.CarryOverAsync(pair.Migration, [], default));
        Assert.Equal("false", await pair.Target.QueryAsync<string>("SELECT is_called::text FROM stays_id_seq"));
    }

    [Fact]
    public async Task a_value_taken_inside_the_fence_is_not_given_out_again()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE SEQUENCE s");
        await pair.FollowAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await SetSequences.RunAsync(pair.Migration, default);
        await using var late = await pair.Source.OpenAsync();
        await late.ExecuteAsync("BEGIN; SELECT nextval('s')", default); // Its lock on the sequence would keep us waiting; its session is ended.
        await DecideAndOpen.RunAsync(pair.Migration, default);
        Assert.Equal(2L, await pair.Target.QueryAsync<long>("SELECT nextval('s')"));
    }

    [Fact]
    public async Task a_held_sequence_gives_no_value_and_no_trace_remains()
    {
        await using var pair = await GatePair.CreateAsync("CREATE SEQUENCE s CACHE 7");
        await using var session = await pair.Source.OpenAsync();
        var sequences = await PgBaton.Catalog.Sequence.ListAsync(session, default);
        await session.ExecuteAsync("BEGIN", default);
        await HeldSequences.HoldAsync(session, sequences, default);
        await using var other = await pair.Source.OpenAsync();
        Assert.Equal("55P03", await GatePair.FailureAsync(other, "SET lock_timeout = '50ms'; SELECT nextval('s')"));
        Assert.Equal(1L, await pair.Source.QueryAsync<long>("SELECT last_value FROM s"));
        await HeldSequences.ReleaseAsync(session, default);
        await session.ExecuteAsync("COMMIT", default);
        Assert.Equal(sequences, await PgBaton.Catalog.Sequence.ListAsync(session, default));
        Assert.Equal(1L, await pair.Source.QueryAsync<long>("SELECT nextval('s')"));
    }
}
