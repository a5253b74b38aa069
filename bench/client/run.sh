#!/usr/bin/env bash
# A minimal endpoint without limits, behind the client's middleware, and behind ASP.NET Core's own fixed window:
# alternating rounds in one run, the endpoints on one core, the load on the other. Loopback only; bounded in count and
# time; stops what it started.
#
#   bench/client/run.sh [rounds] [seconds a round] [connections]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
rounds=${1:-5} seconds=${2:-5} connections=${3:-32}
command -v wrk >/dev/null || { echo 'wrk is missing: apt-get install wrk' >&2; exit 1; }

root=$(cd ../.. && pwd)
data=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$data"' EXIT

dotnet build "$root/src/Limiter.Server" -c Release -v q --nologo >/dev/null
dotnet build Endpoint -c Release -v q --nologo >/dev/null

ASPNETCORE_ENVIRONMENT=Development taskset -c 1 dotnet "$root/src/Limiter.Server/bin/Release/net10.0/Limiter.Server.dll" \
  --urls http://127.0.0.1:7091 --data "$data/limiter" --policy "hot.json" >"$data/limiter.log" 2>&1 &
pids+=($!)
until curl -fs -o /dev/null http://127.0.0.1:7091/healthz; do sleep 0.1; done
curl -fs -o /dev/null -X PUT http://127.0.0.1:7091/v1/tenants/acme -H 'Authorization: Bearer dev' -d '{"plan":"basic"}'

ways=(none limiter window)
for i in 0 1 2; do
  DOTNET_PROCESSOR_COUNT=1 taskset -c 0 dotnet Endpoint/bin/Release/net10.0/Endpoint.dll \
    "${ways[$i]}" http://127.0.0.1:7091 --urls "http://127.0.0.1:709$((i + 2))" >"$data/${ways[$i]}.log" 2>&1 &
  pids+=($!)
  until curl -fs -o /dev/null "http://127.0.0.1:709$((i + 2))/things" -H 'X-Tenant: acme'; do sleep 0.1; done
done

measure() {
  taskset -c 1 wrk -t1 -c"$connections" -d"${2}s" -H 'X-Tenant: acme' "http://127.0.0.1:$1/things" >"$data/wrk"
  if grep -q 'Non-2xx' "$data/wrk"; then cat "$data/wrk" >&2; exit 1; fi
  awk '/Requests\/sec/ {print $2}' "$data/wrk"
}

# Twice, in turns: what one has begun to compile goes on while the next is asked.
for pass in 1 2; do
  for i in 0 1 2; do measure "709$((i + 2))" 8 >/dev/null; done
done
printf '%-6s %12s %12s %12s\n' round none limiter window
for round in $(seq "$rounds"); do
  none=$(measure 7092 "$seconds") limiter=$(measure 7093 "$seconds") window=$(measure 7094 "$seconds")
  printf '%-6s %12s %12s %12s\n' "$round" "$none" "$limiter" "$window" | tee -a "$data/rounds"
done
awk '{n++; a[n] = $3 / $2; b[n] = $3 / $4}
  END {sort(a, n); sort(b, n); m = int((n + 1) / 2)
    printf "limiter / none: %.2f (%.2f to %.2f), limiter / window: %.2f (%.2f to %.2f)\n", \
      a[m], a[1], a[n], b[m], b[1], b[n]}
  function sort(x, n,  i, j, t) {for (i = 2; i <= n; i++) for (j = i; j > 1 && x[j - 1] > x[j]; j--) {
    t = x[j]; x[j] = x[j - 1]; x[j - 1] = t}}' "$data/rounds"
