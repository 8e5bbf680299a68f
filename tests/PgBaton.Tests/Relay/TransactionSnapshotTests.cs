using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

public sealed class TransactionSnapshotTests
{
    [Theory]
    [InlineData("100:110:103,105", 99, true)]
    [InlineData("100:110:103,105", 103, false)]
    [InlineData("100:110:103,105", 104, true)]
    [InlineData("100:110:103,105", 110, false)]
    [InlineData("100:100:", 99, true)]
    [InlineData("100:100:", 100, false)]
    [InlineData("4294967290:4294967300:4294967299", 4294967295, true)]  // just before the ids wrap around
    [InlineData("4294967290:4294967300:4294967299", 2, true)]           // 4294967298, just after
    [InlineData("4294967290:4294967300:4294967299", 3, false)]          // in progress
    [InlineData("4294967290:4294967300:4294967299", 4, false)]          // began later
    public void sees_what_had_committed(string snapshot, uint xid, bool sees)
        => Assert.Equal(sees, TransactionSnapshot.Parse(snapshot).Sees(xid));
}
