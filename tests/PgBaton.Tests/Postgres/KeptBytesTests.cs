using System.Text;
using PgBaton.Postgres;

namespace PgBaton.Tests.Postgres;

/// <summary>Any bytes go through a string and come out as they were.</summary>
public sealed class KeptBytesTests
{
    [Fact]
    public void what_is_utf8_is_the_same_text()
    {
        const string text = "a é € 😀 \u0000 \uFFFD";
        Assert.Equal(text, KeptBytes.Instance.GetString(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(Encoding.UTF8.GetBytes(text), KeptBytes.Instance.GetBytes(text));
    }

    [Theory]
    [InlineData("E9")]           // é of LATIN1
    [InlineData("61E26282AC62")] // a beginning without its end
    [InlineData("EDB280EDA080")] // halves of pairs, written as if they were letters
    [InlineData("F0908080F4908080C080FF")]
    [InlineData("F09F9880FF")]   // a pair, and then a half
    public void what_is_not_comes_back(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(bytes, KeptBytes.Instance.GetBytes(KeptBytes.Instance.GetString(bytes)));
    }

    [Fact]
    public void bytes_that_come_in_pieces_are_the_same()
    {
        var random = new Random(4711);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = Bytes(random);
            var text = KeptBytes.Instance.GetString(bytes);
            Assert.Equal(bytes, KeptBytes.Instance.GetBytes(text));
            Assert.Equal(text, Decode(bytes, random));
            Assert.Equal(bytes, Encode(text, random));
        }
    }

    // Letters of every length, cut and mixed.
    static byte[] Bytes(Random random)
    {
        byte[][] pieces = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Encoding.UTF8.GetBytes(random.GetItems(["a", "é", "€", "😀", "0"], 1)[0])[..^random.Next(2)])];
        return [.. pieces.SelectMany(piece => piece), .. random.GetItems([(byte)0x80, (byte)0xE2, (byte)0xF0, (byte)0xFF], random.Next(3))];
    }

    static string Decode(byte[] bytes, Random random)
    {
        var (decoder, text, chars) = (KeptBytes.Instance.GetDecoder(), new StringBuilder(), new char[4]);
        for (var at = 0; at < bytes.Length;)
        {
            var length = random.Next(1, bytes.Length - at + 1);
            decoder.Convert(bytes.AsSpan(at, length), chars, flush: at + length == bytes.Length, out var used, out var made, out _);
            at += used;
            text.Append(chars, 0, made);
        }

        return text.ToString();
    }

    static byte[] Encode(string text, Random random)
    {
        var (encoder, bytes, buffer) = (KeptBytes.Instance.GetEncoder(), new List<byte>(), new byte[6]);
        for (var at = 0; at < text.Length;)
        {
            var length = random.Next(1, text.Length - at + 1);
            encoder.Convert(text.AsSpan(at, length), buffer, flush: at + length == text.Length, out var used, out var made, out _);
            at += used;
            bytes.AddRange(buffer[..made]);
        }

        return [.. bytes];
    }
}
