using System.Buffers;
using System.Text;

namespace PgBaton.Postgres;

/// <summary>
/// UTF-8 for databases without an encoding (SQL_ASCII), whose bytes may be anything. A byte that is no part of UTF-8 is decoded as half of a surrogate
/// pair, U+DC80 to U+DCFF, which UTF-8 cannot hold, and encoded as the byte it was: nothing is refused or replaced on its way through a string.
/// </summary>
sealed class KeptBytes : Encoding
{
    /// <summary>What a connection string of the driver calls it.</summary>
    public const string Name = "pgbaton-kept-bytes";

    const int Half = 0xDC00, FirstHalf = 0xDC80, LastHalf = 0xDCFF;

    static KeptBytes() => RegisterProvider(new Provider());

    KeptBytes()
    {
    }

    public static KeptBytes Instance { get; } = new();

    public override string WebName => Name;

    /// <summary>For what takes letters only: U+FFFD in the place of each byte that is none.</summary>
    public static string Shown(string text)
        => text.AsSpan().ContainsAnyInRange((char)FirstHalf, (char)LastHalf) ? UTF8.GetString(UTF8.GetBytes(text)) : text;

    // A character may come after a half that was kept back.
    public override int GetMaxByteCount(int charCount) => checked((charCount + 1) * 3);

    public override int GetMaxCharCount(int byteCount) => checked(byteCount + 3);

    public override int GetByteCount(char[] chars, int index, int count) => Encode(chars.AsSpan(index, count), [], isCounting: true).Made;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        => Encode(chars.AsSpan(charIndex, charCount), bytes.AsSpan(byteIndex), isCounting: false).Made;

    public override int GetCharCount(byte[] bytes, int index, int count) => Decode(bytes.AsSpan(index, count), [], isCounting: true).Made;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        => Decode(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex), isCounting: false).Made;

    public override Encoder GetEncoder() => new Writer();

    public override Decoder GetDecoder() => new Reader();

    static (int Used, int Made) Encode(ReadOnlySpan<char> chars, Span<byte> bytes, bool isCounting, bool isLast = true)
    {
        var (used, made) = (0, 0);
        while (used < chars.Length)
        {
            var status = Rune.DecodeFromUtf16(chars[used..], out var rune, out var length);
            if (status == OperationStatus.NeedMoreData && !isLast)
                break;
            int? kept = status != OperationStatus.Done && chars[used] is >= (char)FirstHalf and <= (char)LastHalf ? chars[used] - Half : null;
            if (!isCounting && kept is { } value)
                bytes[made] = (byte)value;
            else if (!isCounting)
                rune.EncodeToUtf8(bytes[made..]); // U+FFFD for a half that is none of ours: no database has sent it.
            used += length;
            made += kept is null ? rune.Utf8SequenceLength : 1;
        }

        return (used, made);
    }

    static (int Used, int Made) Decode(ReadOnlySpan<byte> bytes, Span<char> chars, bool isCounting, bool isLast = true)
    {
        var (used, made) = (0, 0);
        while (used < bytes.Length)
        {
            var status = Rune.DecodeFromUtf8(bytes[used..], out var rune, out var length);
            if (status == OperationStatus.NeedMoreData && !isLast)
                break;
            var isText = status == OperationStatus.Done;
            if (!isCounting && isText)
                rune.EncodeToUtf16(chars[made..]);
            for (var i = 0; !isCounting && !isText && i < length; i++)
                chars[made + i] = (char)(Half + bytes[used + i]);
            used += length;
            made += isText ? rune.Utf16SequenceLength : length;
        }

        return (used, made);
    }

    // Keeps the first half of a pair until the second comes.
    sealed class Writer : Encoder
    {
        char[] _kept = [];

        public override int GetByteCount(char[] chars, int index, int count, bool flush)
            => Encode([.. _kept, .. chars.AsSpan(index, count)], [], isCounting: true, flush).Made;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex, bool flush)
        {
            char[] all = [.. _kept, .. chars.AsSpan(charIndex, charCount)];
            var (used, made) = Encode(all, bytes.AsSpan(byteIndex), isCounting: false, flush);
            _kept = all[used..];
            return made;
        }

        public override void Reset() => _kept = [];
    }

    // Keeps the beginning of a letter until its end comes.
    sealed class Reader : Decoder
    {
        byte[] _kept = [];

        // At most: the base class asks here for room, whether it will flush or not.
        public override int GetCharCount(byte[] bytes, int index, int count) => GetCharCount(bytes, index, count, flush: true);

        public override int GetCharCount(byte[] bytes, int index, int count, bool flush)
            => Decode([.. _kept, .. bytes.AsSpan(index, count)], [], isCounting: true, flush).Made;

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
            => GetChars(bytes, byteIndex, byteCount, chars, charIndex, flush: false);

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex, bool flush)
        {
            byte[] all = [.. _kept, .. bytes.AsSpan(byteIndex, byteCount)];
            var (used, made) = Decode(all, chars.AsSpan(charIndex), isCounting: false, flush);
            _kept = all[used..];
            return made;
        }

        public override void Reset() => _kept = [];
    }

    sealed class Provider : EncodingProvider
    {
        public override Encoding? GetEncoding(int codepage) => null;

        public override Encoding? GetEncoding(string name) => name == Name ? Instance : null;

        public override Encoding? GetEncoding(string name, EncoderFallback encoderFallback, DecoderFallback decoderFallback) => GetEncoding(name);
    }
}
