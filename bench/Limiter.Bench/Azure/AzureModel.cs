using System.Globalization;
using System.Text;

namespace Limiter.Bench.Azure;

/// <summary>
/// What a function app takes that answers 100,000 requests a second, by the calculation of docs/operations.md: a model, and
/// not a measurement. Each line says what it multiplies.
/// </summary>
internal static class AzureModel
{
    private const double Rate = 100_000;
    private const double Tenants = 10_000;
    private const double MonthSeconds = 730.5 * 3_600;
    private const double MonthMinutes = 730.5 * 60;

    // Assumed in docs/operations.md, not measured: the Functions host answers so many checks a second on 2 GB.
    private const double ChecksPerInstance = 1_000;
    private const double InstanceGigabytes = 2;

    // docs/azure.md says how far each price is verified. Dollars.
    private const double PerMillionExecutions = 0.40;
    private const double PerGigabyteSecond = 0.000026;
    private const double PerTransaction = 0.00036 / 10_000;
    private const double PerLogGigabyte = 2.30;

    // Durable Task Scheduler: entity operations a second of a capacity unit, and most units of one scheduler.
    private const double OperationsPerUnit = 2_000;
    private const double UnitsMax = 3;

    // An edge's minute of a thousand tenants is 16 transactions (docs/operations.md).
    private const double TransactionsPerTenantMinute = 16.0 / 1_000;

    /// <summary>
    /// Operations a tenant and minute at 10 requests a second, from the table in docs/operations.md; where every edge serves
    /// every tenant, more than 64 do, and each check is an operation.
    /// </summary>
    private static readonly IReadOnlyList<(string Name, double Edges, double Operations)> s_ways =
    [
        ("each tenant goes to one instance (routed by tenant), leases of 10 s", 1, 13),
        ("to 10 instances, leases of 30 s", 10, 57),
        ("to 10 instances, leases of 10 s", 10, 102),
        ("to all of them", Rate / ChecksPerInstance, Rate / Tenants * 60),
    ];

    public static void Run(string[] args)
    {
        var text = Table();
        Console.WriteLine(text);
        if (args.Contains("--docs")) Documents.Find().Replace("azure", text);
    }

    private static string Table()
    {
        var text = new StringBuilder();
        var checks = Rate * MonthSeconds / 1e6;
        var instances = Rate / ChecksPerInstance;
        void Add(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Add($"- Checks: {Rate:N0} × {MonthSeconds / 1e6:F2} million s = **{checks:N0} million** a month.");
        Add($"- Instances that answer: {Rate:N0} / {ChecksPerInstance:N0} = **{instances:N0}** of {InstanceGigabytes} GB, always busy.");
        Add($"- Executions of checks: {checks:N0} million × {PerMillionExecutions} = **{checks * PerMillionExecutions:N0} dollars**.");
        text.AppendLine();
        text.AppendLine(
            "| the tenants' requests | operations a tenant and minute | operations a second | instances for them | scheduler "
            + "units (schedulers) | storage transactions a month | executions | execution time | storage | logs | all, dollars |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, edges, operations) in s_ways)
            text.AppendLine(Row(name, edges, operations, checks * PerMillionExecutions, instances));
        return text.ToString();
    }

    private static string Row(string name, double edges, double operations, double checkDollars, double instances)
    {
        var perSecond = Tenants * operations / 60;
        var workers = Math.Ceiling(perSecond / ChecksPerInstance);
        var units = Math.Ceiling(perSecond / OperationsPerUnit);
        var transactions = Tenants * edges * MonthMinutes * TransactionsPerTenantMinute / 1e6;
        var executions = checkDollars + (perSecond * MonthSeconds / 1e6 * PerMillionExecutions);
        var time = (instances + workers) * InstanceGigabytes * MonthSeconds * PerGigabyteSecond;
        var storage = transactions * 1e6 * PerTransaction;
        var logs = (instances + workers) * MonthSeconds / 1e6 * PerLogGigabyte;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {operations:N0} | {perSecond:N0} | {workers:N0} | {units:N0} ({Math.Ceiling(units / UnitsMax):N0}) "
            + $"| {transactions:N0} million | {executions:N0} | {time:N0} | {storage:N0} | {logs:N0} "
            + $"| {executions + time + storage + logs:N0} |");
    }
}
