using System.Globalization;

namespace PgBaton.Faults.Wire;

/// <summary>For whoever looks for places, or for round trips: every command of a whole migration, in a file that PGBATON_WIRE names.</summary>
static class WireLog
{
    public static async Task WriteAsync(IEnumerable<FaultProxy> wires)
    {
        if (Environment.GetEnvironmentVariable("PGBATON_WIRE") is { Length: > 0 } file)
        {
            await File.WriteAllLinesAsync(
                file, wires.SelectMany(wire => wire.Seen).OrderBy(command => command.At)
                    .Select(command => string.Create(CultureInfo.InvariantCulture, $"{command.At:HH:mm:ss.fff} {command}")));
        }
    }
}
