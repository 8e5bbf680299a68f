using PgBaton.Relay;
using PgBaton.Schema;

namespace PgBaton.Cutover;

/// <summary>
/// Looks at the publisher while the stream is followed: whether its publication is as we made it, and, of the source, at the tables, so that DDL is told of within
/// seconds and not only at the cutover. The look is cheap; only if tables or columns are others than the last time, the whole schema is compared.
/// </summary>
sealed class DriftWatch(Migration migration)
{
    Dictionary<string, string>? _columns;
    string _told = "";

    /// <exception cref="MigrationException">PB0527.</exception>
    public async Task LookAsync(CancellationToken ct)
    {
        await using var publisher = await migration.Direction.Publisher.OpenAsync("drift", ct);
        await PublishedTables.MustBeWholeAsync(migration, publisher, ct);
        if (migration.Direction.IsBack || migration.Options.ExistingSchema)
            return;
        var columns = (await TableShapes.ReadAsync(publisher, migration.Options, ct)).Tables.ToDictionary(table => table.Key, table => table.Value.Columns);
        if (_columns is not null && columns.Count == _columns.Count && !columns.Except(_columns).Any())
            return;

        var changes = await SchemaDrift.FindAsync(migration, ct);
        _columns = columns;
        if (changes.Count > 0 && string.Join('\n', changes) is var told && told != _told)
        {
            _told = told;
            var error = Errors.SchemaDrifted(changes, inner: null);
            migration.Report(new Warning(error.Code, error.Message, error.Hint));
        }
    }
}
