namespace Limiter.Server.Demo;

/// <summary>A request of the demo's traffic, as its gateway would ask about it.</summary>
/// <param name="Tenant">Who.</param>
/// <param name="Key">With which key.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path.</param>
internal readonly record struct DemoRequest(string Tenant, string Key, string Method, string Path);
