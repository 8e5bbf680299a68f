using System.Globalization;

namespace PgBaton.Tests.Fidelity;

/// <summary>
/// Every scenario file, the whole way, ends as its head says. PGBATON_CASES_PAIRS ("15:17 15:18") chooses the servers; PGBATON_CASES_SCORE names a
/// file to which each result is added.
/// </summary>
public abstract class CasesTests(bool plainOwner)
{
    static readonly Lock _score = new();

    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (var pair in (Environment.GetEnvironmentVariable("PGBATON_CASES_PAIRS") ?? "15:18").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var majors = pair.Split(':').Select(major => int.Parse(major, CultureInfo.InvariantCulture)).ToArray();
                // What the older of the pair cannot hold is moved from the oldest that can.
                foreach (var file in CaseFile.Names.Select(name => new CaseFile(name)).Where(file => file.OldestMajor <= majors[1]))
                    cases.Add(file.Name, Math.Max(majors[0], file.OldestMajor), majors[1]);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ends_as_expected(string name, int sourceMajor, int targetMajor)
    {
        var file = new CaseFile(name);
        var (source, target) = (TestServer.Of(sourceMajor), TestServer.Of(targetMajor));
        var outcome = await CaseRun.RunAsync(file, source, target, plainOwner);
        var expected = file.Expectation(plainOwner);
        var isRight = IsRight(outcome, expected);
        Record($"{name}\t{sourceMajor} -> {targetMajor}\t{(plainOwner ? "plain owner" : "superuser")}\t{(isRight ? "ok" : "NOT")}\t{Line(outcome)}");
        Assert.True(isRight, $"expected {expected ?? "equal, warned, refused or drift"}, but {outcome}");
    }

    // Without an expectation: anything that leaves nobody in the dark.
    static bool IsRight(string outcome, string? expected)
    {
        var (kind, codes) = (outcome.Split(':')[0], outcome.Split('(')[0]);
        if (expected is null)
            return kind is "equal" or "warned" or "refused" or "drift";
        var wanted = expected.Split(": ");
        return kind == wanted[0] && (wanted.Length == 1 || codes.Contains(wanted[1], StringComparison.Ordinal));
    }

    static string Line(string outcome) => outcome.ReplaceLineEndings(" ").Replace('\t', ' ');

    static void Record(string line)
    {
        if (Environment.GetEnvironmentVariable("PGBATON_CASES_SCORE") is { Length: > 0 } path)
        {
            lock (_score)
                File.AppendAllText(path, line + "\n");
        }
    }
}

/// <summary>A superuser on the target. Run by ./build cases.</summary>
[Trait("Category", "Cases")]
[Trait("Length", "Long")]
public sealed class SuperuserCases() : CasesTests(plainOwner: false);

/// <summary>The target's role owns the database and is nothing else: it may not set session_replication_role. Run by ./build cases.</summary>
[Trait("Category", "Cases")]
[Trait("Length", "Long")]
public sealed class PlainOwnerCases() : CasesTests(plainOwner: true);
