using System.Buffers.Binary;
using PgBaton.Postgres.Wire;

namespace PgBaton.Tests.Postgres;

/// <summary>In whatever pieces the bytes come, and in whatever pieces they are taken, what comes out is the same.</summary>
public sealed class WireReaderTests
{
    const int Seed = 20261129;

    // Around the size of the buffer, since that is where mistakes live.
    static readonly int[] _lengths =
        [0, 1, 30, 300, 5000, WireReader.Size - 6, WireReader.Size - 5, WireReader.Size - 4, WireReader.Size, WireReader.Size + 1, (4 * WireReader.Size) - 5, 4 * WireReader.Size, 3_000_000];

    [Theory]
    [InlineData(1)]
    [InlineData(70)]
    [InlineData(70_000)]
    [InlineData(int.MaxValue)]
    public async Task messages_come_out_as_they_went_in(int most)
    {
        var random = new Random(Seed);
        var messages = Enumerable.Range(0, most == 1 ? 40 : 300).Select(_ => Message('m', Length(random, most), random)).ToList();
        var reader = new WireReader(new Pieces([.. messages.SelectMany(message => message)], most, random));
        foreach (var expected in messages)
        {
            byte[]? body = null;
            while (body is null)
            {
                if (reader.TryRead(out var message))
                    body = message.Body.Length > WireReader.Size ? reader.Detach()[5..] : message.Body.ToArray();
                else
                    await reader.FillAsync(default);
            }

            Assert.Equal(expected[5..], body);
        }

        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.FillAsync(default).AsTask());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(70)]
    [InlineData(70_000)]
    [InlineData(int.MaxValue)]
    public async Task rows_are_joined_and_other_messages_left_out(int most)
    {
        var random = new Random(Seed);
        var messages = Enumerable.Range(0, most == 1 ? 40 : 300).Select(i => Message(i % 17 == 0 ? 'N' : 'd', Length(random, most), random)).ToList();
        byte[] expected = [.. messages.Where(message => message[0] == 'd').SelectMany(message => message[5..])];
        var reader = new WireReader(new Pieces([.. messages.SelectMany(message => message)], most, random));
        var (actual, buffer, notices) = (new MemoryStream(), new byte[128 * 1024], 0);
        while (actual.Length < expected.Length)
        {
            var taken = reader.TakeCopyData(buffer.AsSpan(0, random.Next(1, buffer.Length)));
            actual.Write(buffer, 0, taken);
            if (taken > 0)
                continue;
            if (!reader.IsInCopyData && reader.TryRead(out var other))
                notices += other.Kind == 'N' ? 1 : throw new InvalidDataException();
            else
                await reader.FillAsync(default);
        }

        Assert.Equal(expected, actual.ToArray());
        Assert.NotEqual(0, notices);
    }

    static int Length(Random random, int most) => most == 1 ? _lengths[random.Next(5)] : _lengths[random.Next(random.Next(4) == 0 ? _lengths.Length : 5)];

    static byte[] Message(char kind, int length, Random random)
    {
        var message = new byte[5 + length];
        random.NextBytes(message.AsSpan(5));
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + length);
        return message;
    }

    /// <summary>Gives out a few bytes at a time.</summary>
    sealed class Pieces(byte[] bytes, int most, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(buffer.Length, most == int.MaxValue ? most : random.Next(1, most + 1))], cancellationToken);
    }
}
