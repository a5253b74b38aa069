using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Tables.Usage;

/// <summary>What a row's keys say of it.</summary>
/// <param name="Start">Of its minute, hour, day or month.</param>
/// <param name="Writer">Of a total empty.</param>
internal readonly record struct UsagePlace(TenantId Tenant, Instant Start, string Writer);
