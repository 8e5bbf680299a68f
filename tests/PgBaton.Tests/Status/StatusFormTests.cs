using System.Text.Json;

namespace PgBaton.Tests.Status;

/// <summary>A status is written and its parts are read by quicker ways than every other record; the form is the same.</summary>
public sealed class StatusFormTests
{
    static readonly SchemaStatus _schema = new(
        DateTimeOffset.UnixEpoch.AddMilliseconds(1), 7, 2,
        [new SchemaDifference("TABLE public \"a\"\"b\"", "is missing", "CREATE TABLE …", Target: null), new SchemaDifference("INDEX i", "differs", Source: null, "x")], "no pg_dump");

    [Fact]
    public void a_status_is_written_in_the_form_of_every_record()
    {
        var finding = new Finding("PB1702", Severity.Blocker, "not verified", "because", "pgbaton verify", "\"t\"", "cutover");
        var status = new MigrationStatus(
            "b", "in-sync", "follow", "source", new EngineSeen("host", 7, 3, DateTimeOffset.UnixEpoch), "relay", Paused: true,
            new LagStatus(1, 0.5, "0/1", "0/2", SourceLsn: null, DateTimeOffset.UnixEpoch, -3, CaughtUpInSeconds: null),
            new SlotStatus("s", Active: true, "reserved", 1, SafeBytes: null, 2.5), new TableCounts(3, 2, 1), new CopyStatus(1, 2, 3.5), _schema, [finding],
            ErrorReport.Of(Errors.OtherMigration("b", "why")), "cutover", new RefusedWord("verify", ErrorReport.Of(Errors.OtherMigration("b", "why"))!), 0.25, "h:1/a", "h:2/b", "no answer", "pgbaton \"x\"", SafeToClose: false);
        var none = MigrationStatus.None("h:2/b");

        Assert.Equal(JsonSerializer.Serialize(status, PgBatonJson.Default.MigrationStatus), JsonSerializer.Serialize(status, StatusJson.Default.MigrationStatus));
        Assert.Equal(JsonSerializer.Serialize(none, PgBatonJson.Default.MigrationStatus), JsonSerializer.Serialize(none, StatusJson.Default.MigrationStatus));
    }

    [Fact]
    public void the_comparison_of_definitions_is_read_as_it_was_written()
    {
        var read = SchemaStatusText.Read(JsonSerializer.Serialize(_schema, PgBatonJson.Default.SchemaStatus));

        Assert.Equal(_schema.Differences, read.Differences);
        Assert.Equal(_schema, read with { Differences = _schema.Differences });
    }
}
