using PgBaton.Postgres;

namespace PgBaton;

static partial class Errors
{
    public static MigrationException SlotMissing(Side side, string slot) => new(
        "PB0501", ExitCode.Stopped,
        $"replication slot \"{slot}\" does not exist on the {Name(side)}",
        detail: $"Somebody dropped it, or the {Name(side)} is another server now (a promoted standby). The changes since it was lost cannot be had any more.",
        hint: BeginAgain(side), about: slot);

    public static MigrationException SlotLost(Side side, string slot, string status) => new(
        "PB0502", ExitCode.Stopped,
        $"the {Name(side)} has invalidated replication slot \"{slot}\" (wal_status {status})",
        detail: $"The {Name(side)} removed WAL that had not been applied yet, so changes are missing for ever.",
        hint: $"Raise max_slot_wal_keep_size on the {Name(side)}. {BeginAgain(side)}", about: slot);

    public static MigrationException PublicationMissing(Side side, string publication) => new(
        "PB0527", ExitCode.Stopped,
        $"publication \"{publication}\" does not exist on the {Name(side)}",
        detail: "Somebody dropped it. Changes that were committed since then are not in the stream, and a new publication would not bring them.",
        hint: BeginAgain(side), about: publication);

    public static MigrationException PublicationNarrowed(Side side, string publication) => new(
        "PB0527", ExitCode.Stopped,
        $"publication \"{publication}\" on the {Name(side)} does not send every change",
        detail: "Somebody altered it: its publish is not 'insert, update, delete, truncate', or it sends changes of partitions as those of their root.",
        hint: BeginAgain(side), about: publication);

    public static MigrationException TablesTakenOut(Side side, string publication, IReadOnlyList<string> tables) => new(
        "PB0527", ExitCode.Stopped,
        $"table {tables[0]}{(tables.Count > 1 ? $" and {tables.Count - 1} more" : "")} was taken out of publication \"{publication}\" on the {Name(side)}",
        detail: $"Changes since then are not in the stream, even if somebody put it in again: {Preflight.Listing.Of(tables)}.",
        hint: side == Side.Source ? "Say \"pgbaton migrate\" again: what was taken out is published and copied again." : BeginAgain(side), about: tables[0]);

    public static MigrationException SlotAhead(string slot, Lsn confirmed, Lsn applied) => new(
        "PB0503", ExitCode.Stopped,
        $"replication slot \"{slot}\" is ahead of what was applied",
        detail: $"Its confirmed_flush_lsn is {confirmed}, the journal has applied up to {applied}: somebody advanced the slot or made it anew, and the changes between are lost.",
        hint: "Abort and begin again: \"pgbaton abort\", then \"pgbaton migrate\".", about: slot);

    public static MigrationException HistoryLost(Lsn applied, string why) => new(
        "PB0520", ExitCode.Stopped,
        "the source has lost what was applied",
        detail: $"The target has its changes up to {applied}. {why}",
        hint: "Give the former primary's connection string, or abort and begin again: \"pgbaton abort\", then \"pgbaton migrate\".");

    public static MigrationException SlotGivenUp(string why) => new(
        "PB0521", ExitCode.Stopped,
        "the replication slot was given up before it could fill the source's disk",
        detail: $"{why} Slot and publication were dropped; the changes since cannot be had any more.",
        hint: "Mend what kept the target behind, or allow more; then begin again: \"pgbaton abort\", then \"pgbaton migrate\".");

    public static MigrationException CannotSubscribe(Side side, Npgsql.PostgresException failure) => new(
        "PB0523", ExitCode.Blocked,
        $"the {Name(side)} cannot subscribe to the other server: {failure.MessageText}",
        detail: $"SQLSTATE {failure.SqlState}.",
        hint: failure.SqlState == "42501"
            ? $"Grant our role there pg_create_subscription and CREATE on the database (PostgreSQL 16), or let a superuser migrate; or stay with --via relay."
            : $"The {Name(side)}'s server itself must reach the other one: say how with {(side == Side.Target ? "--source-from-target" : "--target-from-source")} 'host=… port=…'; or stay with --via relay.");

    public static MigrationException SubscriberTooOld(Side side, ServerVersion version) => new(
        "PB0523", ExitCode.Blocked,
        $"the {Name(side)} cannot subscribe to the other server: it runs PostgreSQL {version}",
        detail: "Before 15, whether a subscription gets on is nowhere to be seen.",
        hint: "Stay with --via relay.");

    public static MigrationException MayNotSetOrigin(Side side, string role) => new(
        "PB0523", ExitCode.Blocked,
        $"the {Name(side)} cannot subscribe to the other server: role {Sql.Identifier(role)} may not say where the subscription begins",
        detail: "It lacks EXECUTE on pg_replication_origin_advance and pg_replication_origin_progress. Without them rows could be applied twice.",
        hint: $"GRANT EXECUTE ON FUNCTION pg_replication_origin_advance(text, pg_lsn), pg_replication_origin_progress(text, boolean) TO {Sql.Identifier(role)};  -- or stay with --via relay",
        about: Sql.Identifier(role));

    public static MigrationException RowsIncomparable(string table, string type, IReadOnlyList<string> columns) => new(
        "PB0523", ExitCode.Blocked,
        $"a subscription could not find a row of table {table} again: values of type {type} cannot be compared",
        detail: $"It has no key, so that whole rows are compared, and {type} has no equality: the first UPDATE or DELETE would stop the subscription for good. "
            + $"So it is with {Preflight.Listing.Of(columns)}.",
        hint: $"ALTER TABLE {table} ADD PRIMARY KEY (…);  -- on both sides; or stay with --via relay, which needs none", about: table);

    public static MigrationException KeyIsGenerated(IReadOnlyList<string> tables) => new(
        "PB0523", ExitCode.Blocked,
        $"a subscription could not find a row of table {tables[0]} again: a generated column is part of its primary key",
        detail: "It looks for rows by the primary key of its own table, whatever the replica identity is, and that column does not come: the first UPDATE or DELETE would stop the subscription for good. "
            + $"So it is with {Preflight.Listing.Of(tables)}.",
        hint: "Stay with --via relay, which needs no key.", about: tables[0]);

    public static MigrationException SubscriptionStopped(Side side, string name) => new(
        "PB0524", ExitCode.Stopped,
        $"subscription {name} on the {Name(side)} does not get on",
        detail: "It is disabled, or tries the same again and again: a change that it cannot apply, or a publisher that it cannot reach. The server's log says which.",
        hint: "\"pgbaton migrate\" has pgbaton itself apply it, which names table and row if it fails again.", about: name);

    public static MigrationException SubscriptionGone(string name) => new(
        "PB0525", ExitCode.Stopped,
        $"subscription {name} is not there any more",
        detail: "Somebody dropped it, or pgbaton itself took the stream back meanwhile.",
        hint: "Run \"pgbaton migrate\": it says whether the slot is still where the rows are.", about: name);

    public static Warning SubscriptionSilent(Side side, string name, int seconds) => new(
        "PB0526", $"subscription {name} on the {Name(side)} has brought nothing for {seconds} s, not even a heartbeat",
        $"See the log of that server: it may not reach the publisher any more. \"pgbaton via relay\" has pgbaton carry the changes.");

    public static MigrationException SpoolFailed(string folder, int length, Exception failure) => new(
        "PB0528", ExitCode.Stopped,
        $"a message of {length} bytes could not be put on disk on its way: {failure.Message}",
        detail: $"So long a message waits in {folder} until the other side has taken it, {Postgres.Spool.Quota} bytes at most.",
        hint: "Make room there, or name another folder in TMPDIR; then run the same command again: nothing is lost.", inner: failure);

    public static Warning SpoolFilled(long quota) => new(
        "PB0529", $"{quota} bytes of long values wait on disk for the side that follows: no more is read until it has taken some",
        "Nothing is lost; the publisher keeps its WAL meanwhile. \"pgbaton status\" shows how far it is.");

    public static MigrationException MalformedMessage(char kind, int length) => new(
        "PB0504", ExitCode.Stopped,
        $"a message of the replication stream cannot be understood (kind '{kind}', {length} bytes)",
        hint: "This is a defect of pgbaton or of the server; nothing was applied from it. Please report it with both versions.");

    public static MigrationException MalformedStream(InvalidDataException failure) => new(
        "PB0504", ExitCode.Stopped,
        $"the replication stream cannot be understood: {failure.Message}",
        hint: "Run the same command again: a broken connection may be behind it. If it stays, report it; \"--wire npgsql\" reads the stream in another way.", inner: failure);

    public static MigrationException TableMissing(string table) => new(
        "PB0505", ExitCode.Stopped,
        $"table {table} is in the stream but not with these columns on the side that follows",
        detail: "On the side that writes the table was changed, renamed or made anew. That is the source, and after a cutover the target.",
        hint: "Make the same change on the side that follows, then run the same command again; before the cutover \"pgbaton drift\" shows and makes it.", about: table);

    public static MigrationException WrongRowCount(string table, string change, long rows, Lsn commit, uint xid, string keys) => new(
        "PB0506", ExitCode.Stopped,
        $"{change} on {table} touched {rows} rows on the target where the source touched 1",
        detail: $"Transaction {xid}, commit LSN {commit}, key columns {keys}. Somebody else wrote on the target, or the table was not copied whole.",
        hint: "Find out who wrote on the target. \"pgbaton verify\" lists the rows that differ.", about: table);

    /// <summary>The code of <see cref="ApplyFailed"/>.</summary>
    public const string ApplyRefused = "PB0507";

    public static MigrationException ApplyFailed(string table, string change, Lsn commit, uint xid, string keys, Npgsql.PostgresException inner) => new(
        ApplyRefused, ExitCode.Stopped,
        $"{change} on {table} failed on the side that follows: {inner.MessageText}",
        detail: $"SQLSTATE {inner.SqlState}, transaction {xid}, commit LSN {commit}, key columns {keys}. That side is the target, and after a cutover the source.",
        hint: "Mend the cause there (a source that is closed lets in who may set default_transaction_read_only = off), then run the same command again: it goes on with this transaction.", about: table, inner: inner);

    public static MigrationException SchemaDrifted(IReadOnlyList<Schema.SchemaChange> changes, MigrationException? inner) => new(
        "PB0509", ExitCode.Stopped,
        $"{(changes.All(change => change.IsLeft) ? "the target's schema is not the source's" : "the source's schema has changed")}: {changes[0]}{(changes.Count > 1 ? $" (and {changes.Count - 1} more)" : "")}",
        detail: string.Join(" ", changes.Select(change => $"{change}.")) + (inner is null ? "" : inner.Code == "PB0510" ? $" {inner.Message}." : $" The stream stopped there: {inner.Message}."),
        hint: Statements(changes), about: changes[0].Object, inner: inner);

    public static MigrationException DriftRefused(string what, Npgsql.PostgresException refusal) => new(
        "PB0510", ExitCode.Stopped,
        $"the target could not be brought level: {what}: {refusal.MessageText}",
        detail: $"{(refusal.Hint is { Length: > 0 } hint ? $"{hint} " : "")}SQLSTATE {refusal.SqlState}. Nothing was changed on the target.",
        hint: "Take what is in the way from the target, or make the changes there by hand and say \"pgbaton drift --accept\". \"pgbaton drift\" shows them.",
        about: what, inner: refusal);

    static string Statements(IReadOnlyList<Schema.SchemaChange> changes)
        => changes.All(change => change.IsOnTargetOnly)
            ? "Drop there what should not be there, then say \"pgbaton drift\"; or let it stay with \"pgbaton drift --accept\"."
            : changes.SelectMany(change => change.Statements).ToList() is { Count: > 0 } statements
            ? $"\"pgbaton drift --apply\" runs this on the target; or do it yourself and say \"pgbaton drift --accept\":\n{string.Join('\n', statements)}"
            : "Make the same change on the target, then say \"pgbaton drift --apply\" for the rest; \"pgbaton drift --accept\" takes everything as it is. Or abort and begin again.";

    public static MigrationException OwnChangesCameBack(Lsn commit, uint xid) => new(
        "PB0511", ExitCode.Stopped,
        "a transaction that pgbaton itself applied came back in the stream",
        detail: $"Transaction {xid}, commit LSN {commit}. Nothing of it was applied.",
        hint: "This is a defect of pgbaton. Please report it with the versions of both servers.");

    public static MigrationException MarkerTableGone() => new(
        "PB0512", ExitCode.Stopped,
        "table pgbaton.marker of the source is empty or is not there",
        detail: "By its only row the relay knows that it has seen everything: pgoutput sends no logical messages before PostgreSQL 14.",
        hint: "Somebody has changed it. Abort the migration and begin again.", about: "pgbaton.marker");

    public static MigrationException NoIdentity(Side side, string table) => new(
        "PB0508", ExitCode.Blocked,
        $"table {table} has no replica identity on the {Name(side)}",
        detail: "Once it is published, UPDATE and DELETE on it would fail for the application.",
        hint: "Give it a primary key, or ALTER TABLE … REPLICA IDENTITY, or use --replica-identity full, or leave it out with -T.", about: table);

    public static MigrationException GeneratedInIdentity(Side side, string table) => new(
        "PB0508", ExitCode.Blocked,
        $"the replica identity of table {table} on the {Name(side)} holds a generated column",
        detail: "Once it is published, UPDATE and DELETE on it would fail for the application (PostgreSQL 18, 42P10).",
        hint: side == Side.Source ? "Give it another identity (ALTER TABLE … REPLICA IDENTITY USING INDEX …), or leave it out with -T."
            : "Give it another identity on both sides (ALTER TABLE … REPLICA IDENTITY USING INDEX …), or do without a way back: cutover --no-reverse.", about: table);

    // On the target it is the way back that is lost.
    static string BeginAgain(Side side) => side == Side.Source
        ? "Abort and begin again: \"pgbaton abort\", then \"pgbaton migrate\"."
        : "There is no way back any more: \"pgbaton finish\" gives it up, and the target stays the writer.";
}
