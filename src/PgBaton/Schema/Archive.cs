using System.Buffers.Binary;
using System.Globalization;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Reads the table of contents of an archive in pg_dump's custom format: for every object its commands, whole, and what it needs.
/// The format stands in PostgreSQL's pg_backup_archiver.c; it is read from version 1.14 (pg_dump 14) to 1.16 (pg_dump 17, 18).
/// </summary>
sealed class Archive
{
    const int WithCompressionMethod = 15, WithRelationKind = 16, Oldest = 14, Newest = 16;

    readonly byte[] _bytes;
    readonly int _minor, _intSize, _offsetSize;
    int _at;

    Archive(byte[] bytes)
    {
        _bytes = bytes;
        if (!bytes.AsSpan().StartsWith("PGDMP"u8))
            throw Errors.UnknownArchive("it does not begin with PGDMP.");
        _at = 5;
        var major = ReadByte();
        _minor = ReadByte();
        _at++; // The revision changes nothing in the format.
        if (major != 1 || _minor is < Oldest or > Newest)
            throw Errors.UnknownArchive($"its format is {major}.{_minor}, and 1.{Oldest} to 1.{Newest} are known");
        _intSize = ReadByte();
        _offsetSize = ReadByte();
        const int custom = 1;
        if (_intSize != 4 || ReadByte() != custom)
            throw Errors.UnknownArchive("it is not of the custom format");
    }

    /// <exception cref="MigrationException">PB0304.</exception>
    public static async Task<List<ArchiveEntry>> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            return new Archive(await File.ReadAllBytesAsync(path, ct)).Read();
        }
        catch (Exception failure) when (failure is IndexOutOfRangeException or ArgumentOutOfRangeException or FormatException)
        {
            throw Errors.UnknownArchive("it ends before its table of contents does");
        }
    }

    List<ArchiveEntry> Read()
    {
        if (_minor >= WithCompressionMethod)
            ReadByte();
        else
            ReadInt();
        for (var part = 0; part < 7; part++) // when it was made, as a struct tm
            ReadInt();
        for (var text = 0; text < 3; text++) // database, version of the server, version of pg_dump
            ReadText();

        var entries = new List<ArchiveEntry>();
        var section = ArchiveSection.PreData;
        for (var left = ReadInt(); left > 0; left--)
        {
            var entry = ReadEntry();
            section = entry.Section == ArchiveSection.None ? section : entry.Section;
            entries.Add(entry with { Section = section });
        }

        return entries;
    }

    // The order of the reads is the order in the file.
    ArchiveEntry ReadEntry()
    {
        var id = ReadInt();
        ReadInt(); // whether it has rows
        var classOid = ReadOid();
        var objectOid = ReadOid();
        var name = ReadText();
        var kind = ReadText();
        var section = (ArchiveSection)ReadInt();
        var definition = ReadText();
        var drop = ReadText();
        ReadText(); // COPY
        var schema = ReadText();
        ReadText(); // tablespace: it is the target's own affair
        var accessMethod = ReadText();
        var relationKind = _minor >= WithRelationKind ? (char)ReadInt() : '\0';
        var owner = ReadText();
        ReadText(); // WITH OIDS
        var needs = new List<int>();
        while (ReadTextOrNull() is { } need)
            needs.Add(int.Parse(need, CultureInfo.InvariantCulture));
        _at += 1 + _offsetSize; // where its rows are
        return new(id, classOid, objectOid, name, kind, section, definition, drop, schema, accessMethod, relationKind, owner, needs);
    }

    int ReadByte() => _bytes[_at++];

    // A sign byte, then the magnitude with its least significant byte first.
    int ReadInt()
    {
        var negative = ReadByte() != 0;
        var magnitude = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(_at, 4));
        _at += 4;
        return negative ? -magnitude : magnitude;
    }

    uint ReadOid() => uint.Parse(ReadText(), CultureInfo.InvariantCulture);

    string ReadText() => ReadTextOrNull() ?? "";

    string? ReadTextOrNull()
    {
        var length = ReadInt();
        if (length < 0)
            return null;
        var text = KeptBytes.Instance.GetString(_bytes, _at, length);
        _at += length;
        return text;
    }
}
