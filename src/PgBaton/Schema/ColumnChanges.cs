using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>What became of the columns of a table, or the attributes of a composite type, and the commands for it.</summary>
sealed class ColumnChanges
{
    readonly string _alter;
    readonly string _kind;
    readonly ColumnHistory _history;
    readonly bool _hasNames;
    readonly List<(string From, string To)> _renamed;
    readonly List<ColumnDefinition> _here;
    readonly List<ColumnDefinition> _there;
    readonly List<string> _words = [];
    readonly List<string> _statements = [];
    bool _needsPerson;

    ColumnChanges(string alter, string kind, ColumnHistory history, List<ColumnDefinition> here, List<ColumnDefinition> there, bool hasNames)
    {
        (_alter, _kind, _history, _here, _there, _hasNames) = (alter, kind, history, here, there, hasNames);
        _renamed = [.. history.Renamed.Where(column => !WasRenamed(column.From, column.To))];
        _needsPerson = history.IsKnown ? _renamed.Count > 0 : MayBeRenamed(here, there);
        HasOtherValues = history.Anew.Count > 0;
    }

    public IReadOnlyList<string> Words => _words;

    /// <summary>Empty where only a person can say.</summary>
    public IReadOnlyList<string> Statements => _needsPerson ? [] : _statements;

    /// <summary>Rows of before have values that no stream brings and no command gives them.</summary>
    public bool HasOtherValues { get; private set; }

    /// <param name="alter">ALTER TABLE or TYPE with the name it has once it was renamed.</param>
    /// <param name="kind">COLUMN or ATTRIBUTE.</param>
    /// <param name="history">Which are still the same.</param>
    /// <param name="here">On the source.</param>
    /// <param name="there">On the target.</param>
    /// <param name="hasNames">NOT NULL has a name there.</param>
    public static ColumnChanges Find(
        string alter, string kind, ColumnHistory history, List<ColumnDefinition> here, List<ColumnDefinition> there, bool hasNames)
    {
        var changes = new ColumnChanges(alter, kind, history, here, there, hasNames);
        foreach (var gone in there.Where(column => here.TrueForAll(other => other.Name != column.Name)))
            changes.Tell(gone, "is gone", FollowsParent(gone, $"{alter} DROP {kind} {gone.QuotedName};"));
        foreach (var column in here)
            changes.Compare(column, there.Find(other => other.Name == column.Name));
        if (kind == "ATTRIBUTE") // Typed tables follow.
            changes.Become(changes._statements.ConvertAll(statement => $"{statement.TrimEnd(';')} CASCADE;"));
        if (changes.HasOtherValues)
            changes._statements.Add(kind == "COLUMN" ? "-- its rows are copied again" : "-- tables that hold it are copied again");
        return changes;
    }

    /// <summary>A constraint goes before the columns change, and comes after.</summary>
    public ColumnChanges With(IReadOnlyCollection<CheckChange> checks)
    {
        _words.AddRange(checks.Select(check => check.Words));
        _words.AddRange(Renamings());
        Become(CheckChange.Around(_statements, _alter, checks));
        return this;
    }

    void Become(IEnumerable<string> statements)
    {
        string[] all = [.. statements];
        _statements.Clear();
        _statements.AddRange(all);
    }

    void Compare(ColumnDefinition column, ColumnDefinition? was)
    {
        if (was is null)
        {
            _words.Add($"{Noun} {column.QuotedName} is new");
            _statements.AddRange(Additions(column));
            return;
        }

        if (_history.Anew.Contains(column.Name))
        {
            CompareAnew(column, was);
            return;
        }

        if (was.Type != column.Type)
        {
            var conversion = _kind == "COLUMN" && column.Generated.Length == 0 ? $" USING {column.QuotedName}::{column.Type}" : "";
            Tell(column, $"is {column.Type}, was {was.Type}", FollowsParent(column, $"{Altering(column)} TYPE {column.Type}{conversion};"));
        }

        CompareNotNull(column, was);
        if (was.Generated.Length > 0 && was.Generated != column.Generated)
        {
            // What is written before that brings no value of it: an expression has made it.
            Tell(column, "is no longer generated", FollowsParent(column, $"{Altering(column)} DROP EXPRESSION;"));
            HasOtherValues = true;
        }
        else if (column.Generated.Length > 0 && was.Default != column.Default)
        {
            Tell(column, "has another expression", FollowsParent(column, $"{Altering(column)} SET EXPRESSION AS ({column.Default});"));
        }
        else
        {
            CompareDefault(column, was);
        }
    }

    // Indexes and whatever else stands on it may be there again on the source, and are left alone.
    void CompareAnew(ColumnDefinition column, ColumnDefinition was)
    {
        _words.Add($"{Noun} {column.QuotedName} was dropped and made anew{(was.Type == column.Type ? "" : $": it is {column.Type}, was {was.Type}")}");
        // An attribute that is in use gets no other type, and a value that is made by an expression is none to be emptied.
        if (was.Generated != column.Generated || was.IsIdentity != column.IsIdentity || HasMoved(column)
            || (was.Type != column.Type && (_kind == "ATTRIBUTE" || column.Generated.Length > 0)))
        {
            _statements.AddRange([FollowsParent(column, $"{_alter} DROP {_kind} {column.QuotedName};"), .. Additions(column)]);
            _needsPerson |= was.HasMore;
            return;
        }

        if (was.Type == column.Type)
        {
            CompareNotNull(column, was);
            CompareDefault(column, was);
            return;
        }

        _statements.AddRange(column.IsIdentity ? [FollowsParent(column, $"{Altering(column)} TYPE {column.Type};")] : Emptied(column, was));
    }

    // Whatever it held: its rows are copied again.
    IEnumerable<string> Emptied(ColumnDefinition column, ColumnDefinition was)
    {
        string[] statements =
        [
            was.Default is null ? "" : $"{Altering(column)} DROP DEFAULT;",
            was.IsNotNull ? $"{Altering(column)} DROP NOT NULL;" : "",
            $"{Altering(column)} TYPE {column.Type} USING NULL::{column.Type};",
            column.Default is null ? "" : $"{Altering(column)} SET DEFAULT {column.Default};",
            column.IsNotNull ? column.SetNotNull(_alter, _hasNames) : "",
        ];
        return statements.Where(statement => statement.Length > 0).Select(statement => FollowsParent(column, statement));
    }

    void CompareNotNull(ColumnDefinition column, ColumnDefinition was)
    {
        if (was.IsNotNull != column.IsNotNull)
            Tell(column, $"is {(column.IsNotNull ? "" : "no longer ")}NOT NULL", column.IsNotNull ? column.SetNotNull(_alter, _hasNames) : $"{Altering(column)} DROP NOT NULL;");
        else if (column.NotNullName is { } name && was.NotNullName is { } former && name != former)
            Tell(column, $"is NOT NULL by the name {Sql.Identifier(name)}", FollowsParent(column, $"{_alter} RENAME CONSTRAINT {Sql.Identifier(former)} TO {Sql.Identifier(name)};"));
    }

    void CompareDefault(ColumnDefinition column, ColumnDefinition was)
    {
        if (was.Default != column.Default && column.Generated.Length == 0)
            Tell(column, "has another default", $"{Altering(column)} {(column.Default is null ? "DROP DEFAULT" : $"SET DEFAULT {column.Default}")};");
    }

    IEnumerable<string> Additions(ColumnDefinition column)
        => column.Additions(_alter, _kind, _hasNames).Select(statement => FollowsParent(column, statement));

    string Noun => _kind.ToLowerInvariant();

    string Altering(ColumnDefinition column) => $"{_alter} ALTER {_kind} {column.QuotedName}";

    void Tell(ColumnDefinition column, string what, string statement)
    {
        _words.Add($"{Noun} {column.QuotedName} {what}");
        _statements.Add(statement);
    }

    static string FollowsParent(ColumnDefinition column, string statement) => column.IsInherited ? TableChange.WithParent(statement) : statement;

    // Behind one that it stood before, or that is new.
    bool HasMoved(ColumnDefinition column)
        => _here.TakeWhile(other => other.Name != column.Name)
            .Any(other => !_there.Exists(before => before.Name == other.Name) || _there.SkipWhile(before => before.Name != column.Name).Any(behind => behind.Name == other.Name));

    // By hand, on the target.
    bool WasRenamed(string from, string to) => _there.Exists(column => column.Name == to) && !_there.Exists(column => column.Name == from);

    IEnumerable<string> Renamings()
    {
        if (_history.IsKnown)
            return _renamed.Where(column => _here.Exists(other => other.Name == column.To && !other.IsInherited)).Select(column => $"by {_alter} RENAME {_kind} {Sql.Identifier(column.From)} TO {Sql.Identifier(column.To)}");
        // For a person to see whether that is what happened.
        return _needsPerson
            && _there.FindAll(column => _here.TrueForAll(other => other.Name != column.Name)) is [{ IsInherited: false } former]
            && _here.FindAll(column => _there.TrueForAll(other => other.Name != column.Name)) is [var now] && former.Type == now.Type
                ? [$"perhaps by {_alter} RENAME {_kind} {former.QuotedName} TO {now.QuotedName}"] : [];
    }

    // Dropping one column and adding another would lose what is in it, if really it was renamed. A new column comes last; where one that is gone
    // stood before others that are still there, and the new ones stand behind those, it was not.
    static bool MayBeRenamed(List<ColumnDefinition> here, List<ColumnDefinition> there)
    {
        var lastGone = there.FindLastIndex(column => here.TrueForAll(other => other.Name != column.Name));
        var firstNew = here.FindIndex(column => there.TrueForAll(other => other.Name != column.Name));
        if (lastGone < 0 || firstNew < 0)
            return false;
        return lastGone == there.Count - 1 || here.FindLastIndex(column => there.Exists(other => other.Name == column.Name)) > firstNew;
    }
}
