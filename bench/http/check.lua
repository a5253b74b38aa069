-- One hot tenant, keep-alive.
wrk.method = "POST"
wrk.path = "/v1/check"
wrk.headers["Authorization"] = "Bearer dev"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"tenant":"acme","method":"GET","path":"/vendors"}'

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %.0f %d %d %d %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
