namespace PgBaton.Postgres;

/// <summary>Which of the two databases, in the original direction, even after the cutover.</summary>
enum Side
{
    Source,
    Target,
}
