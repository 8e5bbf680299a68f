using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>One object in the table of contents of a pg_dump archive.</summary>
/// <param name="Id">Its number in the archive; <see cref="Needs"/> speaks of them.</param>
/// <param name="ClassOid">The catalog on the source that <paramref name="ObjectOid"/> belongs to; 0 if it stands for no row of one.</param>
/// <param name="Kind">As <c>pg_restore --list</c> prints it: TABLE, INDEX, FK CONSTRAINT, …</param>
/// <param name="Schema">Empty for what lives in none.</param>
/// <param name="Name">A tag for people: of a constraint or trigger the table's name, a blank and its own.</param>
/// <param name="Definition">One or several commands; function bodies may hold anything, so nothing may be split or replaced in it.</param>
/// <param name="Drop">The opposite command; empty where dropping another entry does it.</param>
/// <param name="AccessMethod">For tables and materialized views; empty for the rest.</param>
/// <param name="RelationKind"><c>relkind</c>, from pg_dump 17 on; else 0.</param>
sealed record ArchiveEntry(
    int Id, uint ClassOid, uint ObjectOid, string Name, string Kind, ArchiveSection Section, string Definition, string Drop, string Schema,
    string AccessMethod, char RelationKind, string Owner, IReadOnlyList<int> Needs)
{
    /// <summary>For an index, constraint, trigger, rule, policy: the table it belongs to. Found in the source's catalog.</summary>
    public (string Schema, string Name)? Table { get; init; }

    /// <summary>For a foreign key: the table it refers to.</summary>
    public (string Schema, string Name)? RefersTo { get; init; }

    /// <summary>Something it needs in a schema that is out of scope, of which the archive therefore says nothing.</summary>
    public string? NeedsOutside { get; init; }

    /// <summary>Its place in the archive, whose order is one in which all can be made.</summary>
    public int Position { get; init; }

    /// <summary>Of <see cref="Table"/>, so that the biggest is built first.</summary>
    public long Bytes { get; init; }

    /// <summary>Of a table or a composite type: names by number (<c>attnum</c>), null for one that was dropped. Of an enum: its labels, each behind its oid.</summary>
    public IReadOnlyList<string?>? Columns { get; init; }

    /// <summary>For people, on one line.</summary>
    public string Description => string.Join(' ', new[] { Kind, Schema, Name }.Where(part => part.Length > 0)).ReplaceLineEndings(" ");

    /// <summary>What is said of the database itself (comment, privileges, security label), of the one of that name.</summary>
    public ArchiveEntry OnDatabase(string name)
    {
        const string tag = "DATABASE ";
        if (Kind is not ("COMMENT" or "ACL" or "SECURITY LABEL") || Schema.Length > 0 || !Name.StartsWith(tag, StringComparison.Ordinal))
            return this;
        var (own, other) = ($" ON DATABASE {Name[tag.Length..]} ", $" ON DATABASE {Sql.Identifier(name)} ");
        // A comment may hold the very same words.
        var first = Definition.IndexOf(own, StringComparison.Ordinal);
        var definition = Kind == "ACL" ? Definition.Replace(own, other, StringComparison.Ordinal)
            : first < 0 ? Definition
            : $"{Definition[..first]}{other}{Definition[(first + own.Length)..]}";
        return this with { Name = tag + Sql.Identifier(name), Definition = definition };
    }

    /// <summary>The whole of what the target is sent.</summary>
    public string Command(MigrationOptions options)
    {
        // A fixed access method: the target's default may be another.
        var before = AccessMethod.Length > 0 && RelationKind != 'p' ? $"SET LOCAL default_table_access_method = {Sql.Identifier(AccessMethod)};\n" : "";
        var after = AccessMethod.Length > 0 && RelationKind == 'p'
            ? $"ALTER TABLE {Sql.Identifier(Schema, Name)} SET ACCESS METHOD {Sql.Identifier(AccessMethod)};\n"
            : "";
        var role = options.TargetOwner ?? (options.Owners ? Owner : "");
        var owner = role.Length > 0 && Owner.Length > 0 && Owned() is { } owned ? $"ALTER {owned} OWNER TO {Sql.Identifier(role)};\n" : "";
        return before + Definition + after + owner;
    }

    // What ALTER … OWNER TO takes for this entry; null for what has no owner.
    string? Owned() => Kind switch
    {
        "COLLATION" or "CONVERSION" or "DOMAIN" or "FOREIGN TABLE" or "MATERIALIZED VIEW" or "SEQUENCE" or "STATISTICS" or "TABLE"
            or "TEXT SEARCH DICTIONARY" or "TEXT SEARCH CONFIGURATION" or "TYPE" or "VIEW"
            => Drop.Length > 0 ? $"{Kind} {Sql.Identifier(Schema, Name)}" : null,
        "EVENT TRIGGER" or "FOREIGN DATA WRAPPER" or "SERVER" or "PROCEDURAL LANGUAGE" or "SCHEMA"
            => $"{Kind} {Sql.Identifier(Name)}",
        // Their signature stands only in the command that drops them.
        "AGGREGATE" or "FUNCTION" or "PROCEDURE" or "OPERATOR" or "OPERATOR CLASS" or "OPERATOR FAMILY"
            => Drop.StartsWith("DROP ", StringComparison.Ordinal) ? Drop["DROP ".Length..].TrimEnd().TrimEnd(';') : null,
        _ => null,
    };
}
