using System.Globalization;
using Npgsql;

namespace PgBaton.Postgres.Wire;

/// <summary>An ErrorResponse becomes the driver's own exception, which everything else here knows how to judge.</summary>
static class WireError
{
    public static PostgresException Read(WireMessage message)
    {
        var texts = new Dictionary<char, string>();
        var fields = message.Fields;
        while (fields.Byte() is var name and not 0)
            texts[(char)name] = fields.Text();
        string? Text(char name) => texts.GetValueOrDefault(name);
        int Place(char name) => int.TryParse(Text(name), CultureInfo.InvariantCulture, out var place) ? place : 0;
        // As with the driver: DETAIL may hold values of rows, and is left out.
        return new PostgresException(
            Text('M') ?? "", Text('S') ?? "", Text('V') ?? Text('S') ?? "", Text('C') ?? "XX000", detail: null, Text('H'), Place('P'), Place('p'),
            Text('q'), Text('W'), Text('s'), Text('t'), Text('c'), Text('d'), Text('n'), Text('F'), Text('L'), Text('R'));
    }
}
