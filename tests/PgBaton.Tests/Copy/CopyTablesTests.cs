namespace PgBaton.Tests.Copy;

public sealed class CopyTablesTests
{
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task copies_every_row_of(string name)
    {
        var file = new CaseFile(name);
        await using var scene = await CopyScene.CreateAsync(file["schema"] + file["seed"]);

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
    }

    public static TheoryData<string> Cases => [.. CaseFile.Names];
}
