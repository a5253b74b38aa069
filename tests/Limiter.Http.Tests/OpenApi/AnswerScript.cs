namespace Limiter.Http.Tests.OpenApi;

/// <summary>Calls in an order in which each has something to answer, with the points policy: 100 a minute.</summary>
internal static class AnswerScript
{
    private const string Client = "X-Limiter-Key: admin-key|Authorization: Bearer {{secret}}";
    private const string Seen = "Authorization: Bearer admin-key|If-None-Match: {{tag}}";
    private const string Other = "Authorization: Bearer admin-key|If-Match: \"other\"";
    private const string Adjustment = """{"factor":0.5,"until":"2026-01-01T01:00:00Z","reason":"scraping"}""";
    private const string Unlimited = """{"overrides":{"points":"unlimited"},"plan":"build"}""";
    private const string Number = """{"limit":500}""";
    private const string Rotation = """{"overlapSeconds":60}""";
    private const string Charge = """{"checkId":"{{checkId}}","cost":3}""";
    private const string Reserve = """{"tenant":"acme","method":"POST","path":"/batch","reserve":"30s"}""";
    private const string Spend = """{"tenant":"poor","method":"POST","path":"/batch"}""";

    private const string Leases = """
        {"edge":"00000000000000a1","reserves":{"t:acme:":"{{reserve}}","t:nobody:":"AAAA"},
            "charges":{"t:acme:":"{{charge}}"}}
        """;

    private const string Rows = """
        {"edge":"00000000000000a1","rows":{"00000000000000a1-1":
            {"tenant":"acme","minute":"2026-01-01T00:00:00Z","revision":1,"sheet":"AQAA"}}}
        """;

    public static Step[] Steps { get; } =
    [
        new(201, "PUT /v1/tenants/{tenant}", "/v1/tenants/acme", """{"plan":"build"}"""),
        new(200, "PUT /v1/tenants/{tenant}", "/v1/tenants/acme", Unlimited),
        new(200, "GET /v1/tenants/{tenant}", "/v1/tenants/acme"),
        new(404, "GET /v1/tenants/{tenant}", "/v1/tenants/nobody"),
        new(200, "GET /v1/tenants", "/v1/tenants?limit=1"),
        new(201, "POST /v1/tenants/{tenant}/keys", "/v1/tenants/acme/keys", """{"name":"ci","key":"ci"}"""),
        new(200, "POST /v1/tenants/{tenant}/keys/{key}/rotate", "/v1/tenants/acme/keys/ci/rotate", Rotation),
        new(200, "GET /v1/tenants/{tenant}/keys/{key}", "/v1/tenants/acme/keys/ci"),
        new(200, "GET /v1/tenants/{tenant}/keys", "/v1/tenants/acme/keys"),
        new(200, "PUT /v1/tenants/{tenant}/overrides/{limit}", "/v1/tenants/acme/overrides/points", Number),
        new(200, "PUT /v1/tenants/{tenant}/adjustments/{limit}", "/v1/tenants/acme/adjustments/points", Adjustment),
        new(201, "PUT /v1/tenants/{tenant}/alerts", "/v1/tenants/acme/alerts", """{"limits":["points"]}"""),
        new(200, "PUT /v1/tenants/{tenant}/alerts", "/v1/tenants/acme/alerts", """{"limits":["points"]}"""),
        new(200, "GET /v1/tenants/{tenant}/alerts", "/v1/tenants/acme/alerts"),
        new(202, "POST /v1/tenants/{tenant}/alerts/test", "/v1/tenants/acme/alerts/test"),
        new(200, "GET /v1/tenants/{tenant}/alerts/sent", "/v1/tenants/acme/alerts/sent"),
        new(201, "POST /v1/tenants/{tenant}/links", "/v1/tenants/acme/links", """{"days":7}"""),
        new(200, "POST /v1/check", "/v1/check", """{"tenant":"acme","method":"GET","path":"/"}"""),
        new(200, "POST /v1/check", "/v1/check", Reserve),
        new(200, "POST /v1/charge", "/v1/charge", Charge),
        new(409, "POST /v1/charge", "/v1/charge", """{"checkId":"{{checkId}}","cost":4}"""),
        new(200, "POST /v1/check", "/v1/check", Reserve),
        new(200, "PUT /dev/clock", "/dev/clock", """{"advanceSeconds":31}"""),
        new(410, "POST /v1/charge", "/v1/charge", Charge),
        new(400, "POST /v1/charge", "/v1/charge", """{"checkId":"none","cost":3}"""),
        new(200, "GET /v1/limits", "/v1/limits?tenant=acme"),
        new(200, "POST /v1/explain", "/v1/explain", """{"tenant":"acme","method":"POST","path":"/contacts"}"""),
        new(200, "GET /v1/authorize/{path}", "/v1/authorize/things") { Headers = Client },
        new(200, "GET /v1/tenants/{tenant}/changes", "/v1/tenants/acme/changes"),
        new(200, "POST /v1/identities", "/v1/identities",
            """{"edge":"0123456789abcdef","names":["acme","acme/ci","nobody"]}"""),
        new(200, "POST /v1/leases", "/v1/leases", Leases),
        new(200, "POST /v1/rows", "/v1/rows", Rows),
        new(200, "GET /v1/policy", "/v1/policy"),
        new(304, "GET /v1/policy", "/v1/policy") { Headers = Seen },
        new(200, "GET /v1/usage/{tenant}", "/v1/usage/acme"),
        new(200, "GET /v1/usage/{tenant}", "/v1/usage/acme?by=day"),
        new(200, "GET /v1/usage/{tenant}", "/v1/usage/acme?by=minute&split=endpoint"),
        new(200, "GET /v1/usage/{tenant}", "/v1/usage/acme?split=key"),
        new(200, "GET /v1/overview", "/v1/overview"),
        new(200, "GET /v1/live", "/v1/live?seconds=1"),
        new(200, "GET /", "/"),
        new(304, "GET /", "/") { Headers = Seen },
        new(200, "GET /dashboard/{path}", "/dashboard/"),
        new(304, "GET /dashboard/{path}", "/dashboard/") { Headers = Seen },
        new(200, "GET /dashboard/{path}", "{{icon}}"),
        new(200, "GET /healthz", "/healthz"),
        new(200, "GET /readyz", "/readyz"),
        new(200, "GET /metrics", "/metrics"),
        new(200, "GET /openapi/v1.json", "/openapi/v1.json"),
        new(200, "GET /dev/clock", "/dev/clock"),
        new(200, "PUT /dev/clock", "/dev/clock", """{"advanceSeconds":0}"""),
        new(200, "GET /proxy/{path}", "/proxy/things") { Headers = Client },
        new(412, "PUT /v1/tenants/{tenant}", "/v1/tenants/acme", Unlimited) { Headers = Other },
        new(412, "DELETE /v1/tenants/{tenant}", "/v1/tenants/acme") { Headers = Other },
        new(412, "DELETE /v1/tenants/{tenant}/keys/{key}", "/v1/tenants/acme/keys/ci") { Headers = Other },
        new(412, "POST /v1/tenants/{tenant}/keys/{key}/rotate", "/v1/tenants/acme/keys/ci/rotate", Rotation)
        {
            Headers = Other,
        },
        new(412, "PUT /v1/tenants/{tenant}/overrides/{limit}", "/v1/tenants/acme/overrides/points", Number)
        {
            Headers = Other,
        },
        new(412, "DELETE /v1/tenants/{tenant}/overrides/{limit}", "/v1/tenants/acme/overrides/points")
        {
            Headers = Other,
        },
        new(412, "PUT /v1/tenants/{tenant}/adjustments/{limit}", "/v1/tenants/acme/adjustments/points", Adjustment)
        {
            Headers = Other,
        },
        new(412, "DELETE /v1/tenants/{tenant}/adjustments/{limit}", "/v1/tenants/acme/adjustments/points")
        {
            Headers = Other,
        },
        new(204, "DELETE /v1/tenants/{tenant}/adjustments/{limit}", "/v1/tenants/acme/adjustments/points"),
        new(204, "DELETE /v1/tenants/{tenant}/overrides/{limit}", "/v1/tenants/acme/overrides/points"),
        new(204, "DELETE /v1/tenants/{tenant}/alerts", "/v1/tenants/acme/alerts"),
        new(204, "DELETE /v1/tenants/{tenant}/keys/{key}", "/v1/tenants/acme/keys/ci"),
        new(200, "PUT /v1/tenants/{tenant}", "/v1/tenants/acme", """{"suspended":true,"reason":"unpaid"}"""),
        new(204, "DELETE /v1/tenants/{tenant}", "/v1/tenants/acme"),
        new(201, "PUT /v1/tenants/{tenant}", "/v1/tenants/poor", """{"plan":"build","overrides":{"points":11}}"""),
        new(201, "POST /v1/tenants/{tenant}/keys", "/v1/tenants/poor/keys", """{"name":"ci"}"""),
        new(200, "POST /v1/check", "/v1/check", Spend),
        new(429, "POST /v1/check", "/v1/check", Spend),
        new(429, "GET /v1/authorize/{path}", "/v1/authorize/things") { Headers = Client },
        new(429, "GET /proxy/{path}", "/proxy/things") { Headers = Client },
    ];
}
