namespace PgBaton.Schema;

/// <summary>Object by object, what the journal holds and what the source is described as now.</summary>
static class ObjectDifferences
{
    public static List<ObjectDifference> Find(
        List<RecordedEntry> then, IReadOnlyList<ArchiveEntry> entries, IReadOnlyList<Renaming> renamings, MigrationOptions options)
    {
        var now = entries.Select(entry => entry with { Definition = entry.Command(options) }).ToList();
        var tables = now.Where(entry => entry.Kind == "TABLE").Select(entry => entry.Description).ToHashSet();
        var renamed = renamings.Select(renaming => renaming.Take(then, now)).ToList();
        var undone = Gone(TakeNamesakes(then, renamings, tables)).Reverse().Select(difference => difference with { IsFirst = true });
        foreach (var (difference, renaming) in NamedAnew.Take(then, now))
        {
            renamed.Add(difference);
            renamings = [.. renamings, renaming];
        }

        var left = then.GroupBy(entry => entry.Description).ToDictionary(group => group.Key, group => new Queue<RecordedEntry>(group));
        var (changed, added, same) = (new List<(RecordedEntry Was, ArchiveEntry Now)>(), new List<ArchiveEntry>(), new List<ArchiveEntry>());
        var following = new List<ObjectDifference>();
        foreach (var entry in now)
        {
            if (!left.TryGetValue(entry.Description, out var recorded) || !recorded.TryDequeue(out var was))
                added.Add(entry);
            else if (entry.Kind is "TABLE" or "TYPE" && new ColumnHistory(was.Columns, entry.Columns).Anew.Count > 0)
                changed.Add((was, entry));
            else if (SchemaDrift.Comparable(entry.Kind, was.Command) == SchemaDrift.Comparable(entry.Kind, entry.Definition))
                same.AddRange(was.IsMade ? [entry] : []);
            else if (SchemaDrift.Comparable(entry.Kind, Renaming.In(was.Command, renamings)) == SchemaDrift.Comparable(entry.Kind, entry.Definition))
                following.Add(new(entry.Description, "says a new name", [$"-- {entry.Description} follows the new name of what it is about"], [entry.Description], [entry]));
            else if (entry.Kind == "FK CONSTRAINT" || (entry.Kind == "TABLE ATTACH" && !(was.IsMade && Inverse.HaveSameRoot(was.Command, entry.Definition)))) // How it comes is decided anew.
            {
                recorded.Enqueue(was);
                added.Add(entry);
            }
            else
            {
                changed.Add((was, entry));
            }
        }

        // That a view is no longer filled is no change of the schema. It may be gone, though.
        var rest = left.Values.SelectMany(recorded => recorded).ToList();
        var gone = rest.FindAll(entry => entry.Kind != "MATERIALIZED VIEW DATA" || rest.Exists(view => view.Kind == "MATERIALIZED VIEW" && view.Name == entry.Name && entry.Description.EndsWith(view.Description["MATERIALIZED VIEW".Length..], StringComparison.Ordinal)));
        // What others may need comes before them, and what stands on others goes before these.
        var isNew = Added(added).ToLookup(difference => difference.Now[0].Kind is "SCHEMA" or "EXTENSION" or "TYPE" or "DOMAIN" or "FUNCTION" or "SEQUENCE");
        return [.. undone, .. isNew[true], .. renamed, .. following, .. changed.Select(change => Replacing(change.Was, change.Now, same)), .. Gone(gone).Reverse(), .. isNew[false]];
    }

    // What a renamed table no longer has (its place under a root, an index) is not what another one has that took its name.
    static List<RecordedEntry> TakeNamesakes(List<RecordedEntry> then, IReadOnlyList<Renaming> renamings, HashSet<string> tables)
    {
        var namesakes = then.FindAll(entry => renamings.Any(renaming => tables.Contains(RecordedEntry.Describe(renaming.From)) && entry.IsOf(renaming.From)));
        then.RemoveAll(namesakes.Contains);
        return namesakes;
    }

    /// <summary>What is not on the target as the source has it, though the source has not changed since that was made.</summary>
    public static IEnumerable<ObjectDifference> Left(
        IReadOnlyList<SchemaDifference> left, List<RecordedEntry> then, IReadOnlyList<ArchiveEntry> entries, List<ObjectDifference> found, MigrationOptions options)
    {
        foreach (var difference in left.Where(one => !found.Exists(other => other.Was.Contains(one.Object) || other.Now.Any(entry => entry.Description == one.Object))))
        {
            if (difference.Source is null) // It may hold what nobody else has: whether it goes, a person says.
                yield return new(difference.Object, difference.What, [], [difference.Object], []) { IsLeft = true };
            if (then.Find(entry => entry.Description == difference.Object) is not { } was || entries.FirstOrDefault(entry => entry.Description == difference.Object) is not { } now)
                continue;
            now = now with { Definition = now.Command(options) };
            var replacing = difference.Target is null ? new(was.Description, "", [now.Definition], [was.Description], [now]) : Replacing(was, now, []);
            yield return replacing with { What = difference.What, IsLeft = true };
        }
    }

    // CREATE OR REPLACE leaves alone what stands on it. The rest has to go first, and what stands on it goes before and comes back after it.
    static ObjectDifference Replacing(RecordedEntry was, ArchiveEntry entry, List<ArchiveEntry> same)
    {
        if (entry.Kind == "TABLE") // That is altered, and views that read it may have to go for that time.
            return new(entry.Description, "was changed", [], [entry.Description], [entry], was.Command) { Around = Standing(entry, same, IsView), Columns = new(was.Columns, entry.Columns) };
        var again = Standing(entry, same, _ => true);
        string[] anew = [.. again.Select(other => other.Drop).Reverse(), .. Undo(was), entry.Definition, .. again.Select(other => other.Definition)];
        var difference = new ObjectDifference(entry.Description, "was changed", anew, [entry.Description], [entry], was.Command) { Columns = new(was.Columns, entry.Columns) };
        if (Ownership.TryChange(entry.Kind, was.Command, entry.Definition) is { } command)
            return difference with { Commands = [command] };
        if (entry.Kind is "ACL" or "DEFAULT ACL") // Whoever is the owner by now has his own.
            return difference with { Commands = [.. Inverse.OfPrivileges(was.Command, except: entry.Definition).Where(line => !line.EndsWith($" FROM {Renaming.Quoted(entry.Owner)};", StringComparison.Ordinal)), entry.Definition] };
        if (entry.Kind == "TABLE ATTACH") // Within other bounds.
            return difference with { Commands = [Inverse.OfAttach(was.Command, entry), entry.Definition] };
        return entry.Kind is "FUNCTION" or "PROCEDURE" or "VIEW" && entry.Definition.StartsWith("CREATE ", StringComparison.Ordinal)
            ? difference with { Commands = [$"CREATE OR REPLACE {entry.Definition["CREATE ".Length..]}"], Otherwise = anew }
            : difference;
    }

    static IEnumerable<string> Undo(RecordedEntry entry) => entry.Drop.Trim().Length > 0 ? [entry.Drop] : Inverse.Of(entry);

    static bool IsView(ArchiveEntry entry) => entry.Kind is "VIEW" or "MATERIALIZED VIEW";

    // Directly or not; isFirst says which of those that do directly. Nothing, where a table does: that is never dropped.
    static List<ArchiveEntry> Standing(ArchiveEntry entry, List<ArchiveEntry> same, Predicate<ArchiveEntry> isFirst)
    {
        var ids = new HashSet<int>();
        var standing = new List<ArchiveEntry>();
        foreach (var other in same.Where(other => other.Needs.Any(ids.Contains) || (other.Needs.Contains(entry.Id) && isFirst(other))))
        {
            ids.Add(other.Id);
            standing.Add(other);
        }

        return standing.Exists(other => other.Kind is "TABLE" or "FOREIGN TABLE" or "SEQUENCE" or "TYPE" or "DOMAIN") ? [] : standing;
    }

    // What belongs to a table that is new or gone itself is told of together with it.
    static IEnumerable<ObjectDifference> Added(List<ArchiveEntry> added)
    {
        var tables = added.Where(entry => entry.Kind == "TABLE").ToDictionary(entry => (entry.Schema, entry.Name));
        foreach (var group in added.GroupBy(entry => entry.Table is { } table && tables.TryGetValue(table, out var owner) ? owner : entry))
        {
            var together = group.Prepend(group.Key).Distinct().ToList();
            yield return new(group.Key.Description, "is new", [.. together.Select(entry => entry.Definition)], [], together);
        }
    }

    static IEnumerable<ObjectDifference> Gone(List<RecordedEntry> gone)
    {
        var tables = gone.Where(entry => entry.Kind == "TABLE").Select(entry => entry.Description).ToHashSet();
        foreach (var group in gone.GroupBy(
                     entry => entry.Table is { } table && tables.Contains(RecordedEntry.Describe(table)) ? RecordedEntry.Describe(table) : entry.Description))
        {
            var first = group.First(entry => entry.Description == group.Key);
            yield return new(
                group.Key, "is gone", [.. Undo(first)], [.. group.Select(entry => entry.Description)], [],
                Former: first.Kind == "TABLE ATTACH" ? first.Command : "", Detached: first.Kind == "TABLE ATTACH" ? first.Table : null)
            {
                IsFirst = first.Kind is "TABLE ATTACH" or "ACL", // A privilege goes before another becomes the owner, who would lose his own.
            };
        }
    }
}
