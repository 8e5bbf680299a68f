using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Chooses the entries of an archive that are made on the target: what is in scope, what that needs, and what hangs on it.</summary>
sealed class ArchiveScope
{
    readonly IReadOnlyList<ArchiveEntry> _entries;
    readonly MigrationOptions _options;
    readonly Scope _scope;
    readonly HashSet<int> _kept;
    readonly Dictionary<int, string> _leftOut = [];

    ArchiveScope(IReadOnlyList<ArchiveEntry> entries, MigrationOptions options)
    {
        _entries = [.. entries.Where(
            entry => entry.Section is ArchiveSection.PreData or ArchiveSection.PostData && !IsOurs(entry) && !IsPreamble(entry))];
        _options = options;
        _scope = new Scope(options);
        _kept = [.. _entries.Select(entry => entry.Id)];
    }

    /// <summary>Returns what to make, in the archive's order, and a sentence for each thing left out that nobody asked to leave out.</summary>
    /// <exception cref="MigrationException">PB0306: a table in scope needs something that is not.</exception>
    public static (IReadOnlyList<ArchiveEntry> Kept, IReadOnlyList<string> LeftOut) Choose(
        IReadOnlyList<ArchiveEntry> entries, MigrationOptions options)
        => new ArchiveScope(entries, options).Choose();

    (IReadOnlyList<ArchiveEntry> Kept, IReadOnlyList<string> LeftOut) Choose()
    {
        if (_options.Tables.Count > 0)
            KeepOnlyWhatNamedTablesNeed();
        LeaveOutTables();
        if (_options.Schemas.Count + _options.Tables.Count > 0)
            LeaveOutUnneededExtensions();
        return ([.. _entries.Where(entry => _kept.Contains(entry.Id))], [.. _leftOut.Values]);
    }

    // -t: from the tables up to their types, functions, schemas; then their indexes, triggers, sequences; until nothing is added.
    void KeepOnlyWhatNamedTablesNeed()
    {
        var byId = _entries.ToDictionary(entry => entry.Id);
        var schemas = _entries.Where(entry => entry.Kind == "SCHEMA").ToDictionary(entry => entry.Name, entry => entry.Id, StringComparer.Ordinal);
        _kept.Clear();
        var work = new Queue<int>(_entries.Where(entry => IsRelation(entry) && _scope.Includes(entry.Schema, entry.Name)).Select(entry => entry.Id));
        while (true)
        {
            while (work.TryDequeue(out var id))
            {
                if (!byId.TryGetValue(id, out var entry) || !_kept.Add(id))
                    continue;
                foreach (var need in entry.Needs)
                    work.Enqueue(need);
                if (schemas.TryGetValue(entry.Schema, out var schema))
                    work.Enqueue(schema);
            }

            foreach (var entry in _entries.Where(entry => !_kept.Contains(entry.Id) && HangsOnKept(entry)))
                work.Enqueue(entry.Id);
            if (work.Count == 0)
                return;
        }
    }

    bool HangsOnKept(ArchiveEntry entry) => entry.Kind switch
    {
        "FK CONSTRAINT" or "TABLE ATTACH" or "INDEX ATTACH" => entry.Needs.All(_kept.Contains),
        "INDEX" or "CONSTRAINT" or "CHECK CONSTRAINT" or "TRIGGER" or "RULE" or "POLICY" or "DEFAULT"
            => entry.Table is { } table && _scope.Includes(table.Schema, table.Name) && entry.Needs.Any(_kept.Contains),
        "COMMENT" or "ACL" or "SECURITY LABEL" or "SEQUENCE" or "SEQUENCE OWNED BY" or "STATISTICS" or "ROW SECURITY" or "MATERIALIZED VIEW DATA"
            => entry.Needs.Any(_kept.Contains),
        _ => false,
    };

    // Tables that are out of scope, and whatever cannot be without them. The archive's order puts needs before what needs them, except that
    // a view may be a placeholder which a rule completes after the rows.
    void LeaveOutTables()
    {
        var because = new Dictionary<int, string>();
        int before;
        do
        {
            before = because.Count;
            foreach (var entry in _entries.Where(entry => _kept.Contains(entry.Id) && !because.ContainsKey(entry.Id)))
            {
                if (IsTable(entry) && !_scope.Includes(entry.Schema, entry.Name))
                    because[entry.Id] = entry.Description;
                else if (Cause(entry, because) is { } cause)
                    LeaveOut(entry, because[entry.Id] = cause);
            }

            foreach (var rule in _entries.Where(entry => IsRestOfView(entry) && because.ContainsKey(entry.Id)))
            {
                foreach (var view in _entries.Where(entry => entry.Kind == "VIEW" && (entry.Schema, entry.Name) == rule.Table))
                {
                    if (because.TryAdd(view.Id, because[rule.Id]))
                        LeaveOut(view, because[rule.Id]);
                }
            }
        }
        while (because.Count > before);

        _kept.ExceptWith(because.Keys);
    }

    string? Cause(ArchiveEntry entry, Dictionary<int, string> because)
        => entry is { Kind: "FK CONSTRAINT", RefersTo: { } other } && !_scope.Includes(other.Schema, other.Name)
            ? $"table {Sql.Identifier(other.Schema, other.Name)}"
            : entry.NeedsOutside ?? entry.Needs.Select(need => because.GetValueOrDefault(need)).FirstOrDefault(why => why is not null);

    void LeaveOut(ArchiveEntry entry, string cause)
    {
        if (entry.Kind == "TABLE")
            throw Errors.NeedsWhatIsLeftOut(entry.Description, cause);
        var isPartOfIt = entry.Kind is "COMMENT" or "ACL" or "SECURITY LABEL" or "SEQUENCE" or "SEQUENCE OWNED BY" or "DEFAULT" or "ROW SECURITY"
            or "STATISTICS" or "INDEX" or "INDEX ATTACH" or "TABLE ATTACH" || IsRestOfView(entry)
            || (entry.Table is { } table && !_scope.Includes(table.Schema, table.Name));
        if (!isPartOfIt || entry.NeedsOutside is not null)
            _leftOut[entry.Id] = $"{entry.Description} is left out: it needs {cause}, which is out of scope";
    }

    void LeaveOutUnneededExtensions()
    {
        var needed = _entries.Where(entry => _kept.Contains(entry.Id) && entry.Kind != "COMMENT").SelectMany(entry => entry.Needs).ToHashSet();
        var unneeded = _entries.Where(entry => entry.Kind == "EXTENSION" && !needed.Contains(entry.Id)).Select(entry => entry.Id).ToHashSet();
        _kept.ExceptWith(unneeded);
        _kept.ExceptWith(_entries.Where(entry => entry.Kind == "COMMENT" && entry.Needs.Any(unneeded.Contains)).Select(entry => entry.Id));
    }

    static bool IsRestOfView(ArchiveEntry entry) => entry.Kind == "RULE" && entry.Name.EndsWith(" _RETURN", StringComparison.Ordinal);

    static bool IsTable(ArchiveEntry entry) => entry.Kind is "TABLE" or "FOREIGN TABLE";

    static bool IsRelation(ArchiveEntry entry) => IsTable(entry) || entry.Kind is "VIEW" or "MATERIALIZED VIEW" or "SEQUENCE";

    // The gate is armed on the source by another step; its function lives in a schema that is not dumped.
    static bool IsOurs(ArchiveEntry entry) => entry.Kind == "TRIGGER" && entry.Name.EndsWith(" pgbaton_gate", StringComparison.Ordinal);

    static bool IsPreamble(ArchiveEntry entry) => entry.Kind is "ENCODING" or "STDSTRINGS" or "SEARCHPATH" or "DATABASE" or "DATABASE PROPERTIES";
}
