using System.Buffers.Binary;
using System.Text;

namespace PgBaton.Faults.Wire;

/// <summary>One message of the PostgreSQL protocol with its header: a kind (0 for the first ones of a client, which have none) and its bytes.</summary>
/// <param name="Kind">The message's first byte.</param>
/// <param name="Bytes">All of it; only good until the next frame is read.</param>
readonly record struct Frame(char Kind, ReadOnlyMemory<byte> Bytes)
{
    const int HeaderLength = 5;

    /// <summary>What stands behind the header, as text: names, SQL and text parameters are readable in it.</summary>
    public string Body => Encoding.UTF8.GetString(Bytes.Span[HeaderLength..]);

    /// <summary>The number of a first message: 196608 is a start, the others ask for encryption or a cancel.</summary>
    public int StartupCode => BinaryPrimitives.ReadInt32BigEndian(Bytes.Span[4..]);

    /// <summary>What a start says about the client.</summary>
    public Dictionary<string, string> StartupParameters
    {
        get
        {
            var words = Encoding.UTF8.GetString(Bytes.Span[8..]).Split('\0');
            return Enumerable.Range(0, words.Length / 2).Where(i => words[2 * i].Length > 0).ToDictionary(i => words[2 * i], i => words[2 * i + 1]);
        }
    }
}
