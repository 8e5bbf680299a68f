using System.Xml.Linq;

namespace PgBaton.ControlPlane;

/// <summary>Answers of AWS's query API, whatever their namespace.</summary>
static class Xml
{
    public static IEnumerable<XElement> All(XElement within, string name) => within.Descendants().Where(element => element.Name.LocalName == name);

    /// <summary>Of the first element of that name; null if there is none.</summary>
    public static string? Text(XElement within, string name) => All(within, name).FirstOrDefault()?.Value;
}
