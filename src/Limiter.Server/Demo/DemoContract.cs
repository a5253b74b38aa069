using System.Collections.Immutable;

namespace Limiter.Server.Demo;

/// <summary>One of the five contracts, as its tenants use it.</summary>
/// <param name="Plans">What they buy, the cheapest first.</param>
/// <param name="Burst">
/// About how many requests one busy program sends within a minute: enough for the cheapest plan to deny some.
/// </param>
/// <param name="Endpoints">What they ask for, and how often of 100 times; a number sign stands for some id.</param>
internal sealed record DemoContract(
    ImmutableArray<string> Plans, int Burst, ImmutableArray<(string Method, string Path, int Share)> Endpoints)
{
    public static readonly ImmutableArray<DemoContract> All =
    [
        new(["workestra-standard", "workestra-professional"], 90,
        [
            ("GET", "/workestra/projects", 30), ("GET", "/workestra/projects/#", 34), ("POST", "/workestra/tasks", 22),
            ("PATCH", "/workestra/tasks/#", 8), ("POST", "/workestra/auth/login", 4),
            ("GET", "/workestra/export/projects", 2),
        ]),
        new(["wundertre-standard"], 70,
        [
            ("GET", "/wundertre/lists/#/items", 60), ("POST", "/wundertre/items", 25), ("GET", "/wundertre/lists", 15),
        ]),
        new(["waqti-basic", "waqti-professional"], 75,
        [
            ("GET", "/waqti/timesheets", 25), ("POST", "/waqti/entries", 40), ("GET", "/waqti/entries/#", 30),
            ("GET", "/waqti/reports", 5),
        ]),
        new(["lms-professional", "lms-enterprise"], 125,
        [
            ("GET", "/lms/courses/#", 45), ("GET", "/lms/students", 20), ("POST", "/lms/enrollments", 12),
            ("GET", "/lms/search/courses", 20), ("POST", "/lms/courses/#/export", 3),
        ]),
        new(["points-build", "points-enterprise"], 45,
        [
            ("GET", "/points/orders/#", 50), ("GET", "/points/orders", 25), ("GET", "/points/search", 20),
            ("POST", "/points/batch", 5),
        ]),
    ];
}
