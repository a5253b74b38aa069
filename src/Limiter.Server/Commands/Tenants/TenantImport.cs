using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Importing;

namespace Limiter.Server.Commands.Tenants;

/// <summary>
/// Tenants from a file: <c>tenant</c>, <c>plan</c>, and a column for each limit that some have an override of. Where
/// there are such columns the file tells all of a tenant's overrides; otherwise those that it has stay.
/// </summary>
internal sealed class TenantImport : IImportKind
{
    private const string TenantColumn = "tenant", PlanColumn = "plan";

    private Columns _columns = null!;
    private string[] _limits = [];

    public string Noun => "tenants";

    public string? ReadHeader(string[] columns)
    {
        if (Columns.TryRead(columns, [TenantColumn, PlanColumn], out _columns) is { } wrong) return wrong;
        _limits = [.. _columns.Names.Where(name => name is not (TenantColumn or PlanColumn))];
        var strange = _limits.FirstOrDefault(name => !LimitId.TryParse(name, out _));
        return strange is null ? null : $"the column '{strange}' cannot be a limit's name";
    }

    public (ImportLine? Line, string? Error) Read(string[] fields)
    {
        if (_columns.Refuse(fields) is { } wrong) return (null, wrong);
        var tenant = _columns.Of(fields, TenantColumn);
        if (!TenantId.TryParse(tenant, out _))
            return (null, $"'{tenant}' is no tenant's name: 1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or digit");
        var plan = _columns.Of(fields, PlanColumn);
        if (plan.Length == 0) return (null, "the plan is missing");
        var overrides = new List<(string, string)>();
        foreach (var limit in _limits)
        {
            var number = _columns.Of(fields, limit);
            if (number.Length == 0) continue;
            if (!NumberText.IsNumber(number)) return (null, $"{limit}: '{number}' is not {NumberText.Rule}");
            overrides.Add((limit, number));
        }
        return (new TenantLine(tenant, plan, _limits.Length > 0 ? [.. overrides] : null), null);
    }
}
