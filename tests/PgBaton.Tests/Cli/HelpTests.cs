using PgBaton.Cli;
using PgBaton.Cli.Options;

namespace PgBaton.Tests.Cli;

public sealed class HelpTests
{
    static readonly string _docs = FindDocs();

    public static TheoryData<string> Commands => [.. CommandLine.Create().Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task every_command_has_help_and_a_section_in_the_docs_with_all_of_its_options(string name)
    {
        var command = CommandLine.Create().Subcommands.Single(command => command.Name == name);
        var (exitCode, run) = await CommandProcess.RunAsync(name, "--help");
        var docs = await File.ReadAllTextAsync(Path.Combine(_docs, "commands.md"));

        Assert.Equal(0, exitCode);
        Assert.Contains($"## pgbaton {name}\n", docs, StringComparison.Ordinal);
        foreach (var option in command.Options.Where(option => EnvironmentOptions.HasVariable(option) && name != "demo"))
        {
            Assert.Contains(option.Name, run.Output, StringComparison.Ordinal);
            Assert.Contains(option.Name, docs, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(option.Description), $"{option.Name} says nothing");
        }
    }

    [Fact]
    public async Task help_steps_is_the_table_of_steps()
    {
        var (exitCode, run) = await CommandProcess.RunAsync("help", "steps");

        Assert.Equal(0, exitCode);
        var lines = run.Output.Split('\n').Skip(1).Where(line => line.Length > 0 && line[0] != ' ').ToList();
        Assert.Equal(
            Migration.Steps.Select(step => (step.Name, step.Summary)),
            lines.Take(Migration.Steps.Length).Select(line => line.Split("  ", 2, StringSplitOptions.TrimEntries)).Select(parts => (parts[0], parts[1])));
        foreach (var undo in Migration.Steps.Select(step => step.Undo).OfType<string>())
            Assert.Contains($"undo: {undo}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task explain_prints_the_embedded_page()
    {
        var page = await File.ReadAllLinesAsync(Path.Combine(_docs, "errors", "PB0024.md"));
        var (exitCode, run) = await CommandProcess.RunAsync("explain", "pb0024");

        Assert.Equal(0, exitCode);
        Assert.StartsWith(page[0][2..], run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("```", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task explain_without_a_code_lists_all_pages()
    {
        var pages = Directory.GetFiles(_docs, "PB*.md", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file));
        var (exitCode, run) = await CommandProcess.RunAsync("explain");

        Assert.Equal(0, exitCode);
        Assert.Equal(pages.Order(StringComparer.Ordinal), run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]));
    }

    [Fact]
    public async Task explain_of_an_unknown_code_names_near_ones()
    {
        var (exitCode, run) = await CommandProcess.RunAsync("explain", "PB0025");

        Assert.Equal(2, exitCode);
        Assert.Contains("PB0024", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void every_page_has_its_line_in_the_index()
    {
        var index = File.ReadAllText(Path.Combine(_docs, "errors.md"));
        foreach (var page in Directory.GetFiles(_docs, "PB*.md", SearchOption.AllDirectories))
        {
            var code = Path.GetFileNameWithoutExtension(page);
            var title = File.ReadLines(page).First();
            var folder = Path.GetFileName(Path.GetDirectoryName(page));
            Assert.True(
                index.Contains($"- [{code}]({folder}/{code}.md){title[(2 + code.Length)..]}\n", StringComparison.Ordinal),
                $"docs/errors.md does not list {code}: run eng/errors-index.sh");
        }
    }

    static string FindDocs()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "pgbaton.slnx")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "docs");
    }

    internal static string Docs => _docs;
}
