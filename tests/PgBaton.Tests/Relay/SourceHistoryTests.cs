using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>What a timeline's history file says.</summary>
public sealed class SourceHistoryTests
{
    [Theory]
    [InlineData(1, "0/3000148")]
    [InlineData(2, "0/5000000")]
    [InlineData(3, null)]
    public void a_history_says_where_a_timeline_was_left(int timeline, string? expected)
        => Assert.Equal(
            expected, SourceHistory.Left((uint)timeline, "1\t0/3000148\tno recovery target specified\n\n2\t0/5000000\tno recovery target specified\n")?.ToString());
}
