using System.Buffers.Binary;

namespace PgBaton.Tests.Relay;

/// <summary>Ways in which bytes can be wrong. Everything depends on the random numbers given.</summary>
static class Mutation
{
    static readonly int[] _extremes = [0, 1, -1, short.MaxValue, short.MinValue, ushort.MaxValue, int.MaxValue, int.MinValue, 1 << 24];

    /// <summary>One message, altered in one to three places.</summary>
    public static byte[] Of(byte[] message, IReadOnlyList<byte[]> others, Random random)
    {
        var altered = message;
        for (var times = random.Next(1, 4); times > 0; times--)
            altered = Once(altered, others, random);
        return altered;
    }

    /// <summary>A stream with up to three of its messages altered, lost, doubled or in another place.</summary>
    public static List<byte[]> Of(IReadOnlyList<byte[]> stream, Random random)
    {
        var altered = stream.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(altered.Count);
            switch (random.Next(6))
            {
                case 0:
                    altered.RemoveAt(at);
                    break;
                case 1:
                    altered.Insert(random.Next(altered.Count), altered[at]);
                    break;
                case 2:
                    var to = random.Next(altered.Count);
                    (altered[at], altered[to]) = (altered[to], altered[at]);
                    break;
                default:
                    altered[at] = Of(altered[at], altered, random);
                    break;
            }
        }

        return altered;
    }

    static byte[] Once(byte[] bytes, IReadOnlyList<byte[]> others, Random random)
    {
        var at = bytes.Length == 0 ? 0 : random.Next(bytes.Length);
        var length = bytes.Length == 0 ? 0 : random.Next(1, Math.Min(32, bytes.Length - at) + 1);
        var copy = bytes.ToArray();
        switch (random.Next(9))
        {
            case 0 when copy.Length > 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1 when copy.Length > 0:
                copy[at] = (byte)random.Next(256);
                return copy;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes, .. others[random.Next(others.Count)]];
            case 4 when copy.Length >= at + sizeof(int):
                BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(at), _extremes[random.Next(_extremes.Length)]);
                return copy;
            case 5 when copy.Length >= at + sizeof(short):
                BinaryPrimitives.WriteInt16BigEndian(copy.AsSpan(at), (short)_extremes[random.Next(_extremes.Length)]);
                return copy;
            case 6:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 7:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            default:
                var other = others[random.Next(others.Count)];
                return [.. bytes[..at], .. other[Math.Min(at, other.Length)..]];
        }
    }
}
