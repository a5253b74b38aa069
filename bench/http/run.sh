#!/usr/bin/env bash
# Check over HTTP, side by side with an endpoint that decides nothing: alternating rounds in one run, each server on
# one core and the load on the other. Loopback only; bounded in count and time; stops what it started.
#
#   bench/http/run.sh [rounds] [seconds a round] [connections]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
rounds=${1:-5} seconds=${2:-5} connections=${3:-32}
command -v wrk >/dev/null || { echo 'wrk is missing: apt-get install wrk' >&2; exit 1; }

root=$(cd ../.. && pwd)
data=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$data"' EXIT

dotnet build "$root/src/Limiter.Server" -c Release -v q --nologo >/dev/null
dotnet build Baseline -c Release -v q --nologo >/dev/null

DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development DOTNET_PROCESSOR_COUNT=1 taskset -c 0 \
  dotnet "$root/src/Limiter.Server/bin/Release/net10.0/Limiter.Server.dll" \
  --urls http://127.0.0.1:7081 --data "$data/limiter" --policy "$PWD/hot.json" >"$data/limiter.log" 2>&1 &
pids+=($!)
DOTNET_PROCESSOR_COUNT=1 taskset -c 0 dotnet Baseline/bin/Release/net10.0/Baseline.dll \
  --urls http://127.0.0.1:7082 >"$data/baseline.log" 2>&1 &
pids+=($!)

for port in 7081 7082; do
  for _ in $(seq 100); do
    curl -fs -o /dev/null -X POST "http://127.0.0.1:$port/v1/check" -H 'Authorization: Bearer dev' \
      -H 'Content-Type: application/json' -d '{"tenant":"acme","method":"GET","path":"/"}' && continue 2
    curl -s -o /dev/null -X PUT "http://127.0.0.1:7081/v1/tenants/acme" -H 'Authorization: Bearer dev' \
      -d '{"plan":"basic"}' || true
    sleep 0.1
  done
  cat "$data"/*.log >&2
  exit 1
done

measure() { taskset -c 1 wrk -t1 -c"$connections" -d"${2}s" -s check.lua "http://127.0.0.1:$1" | sed -n 's/^RESULT //p'; }
cpu() { awk '{print $14 + $15}' "/proc/$1/stat"; }

measure 7081 3 >/dev/null
measure 7082 3 >/dev/null
printf '%-9s %10s %8s %8s %9s %7s %12s\n' server requests/s 'p50 us' 'p99 us' 'p99.9 us' errors 'CPU us/req'
for round in $(seq "$rounds"); do
  for port in 7081 7082; do
    name=limiter pid=${pids[0]}
    [[ $port == 7081 ]] || { name=baseline pid=${pids[1]}; }
    before=$(cpu "$pid")
    read -r rate p50 p99 p999 errors < <(measure "$port" "$seconds")
    used=$(( $(cpu "$pid") - before ))
    printf '%-9s %10s %8s %8s %9s %7s %12s\n' "$name" "$rate" "$p50" "$p99" "$p999" "$errors" \
      "$(awk "BEGIN {printf \"%.2f\", $used * 10000 / ($rate * $seconds)}")" | tee -a "$data/rounds"
  done
done
for pid in "${pids[@]}"; do grep -H VmRSS "/proc/$pid/status" | awk '{print "memory", $2 / 1024, "MiB"}'; done
awk '$1 == "limiter" {l = $2; c = $7} $1 == "baseline" {n++; r[n] = l / $2; d[n] = c / $7}
  END {asort_(r, n); asort_(d, n); m = int((n + 1) / 2)
    printf "limiter / baseline: throughput %.2f (%.2f to %.2f), CPU a request %.2f (%.2f to %.2f)\n", \
      r[m], r[1], r[n], d[m], d[1], d[n]}
  function asort_(a, n,  i, j, t) {for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j - 1] > a[j]; j--) {
    t = a[j]; a[j] = a[j - 1]; a[j - 1] = t}}' "$data/rounds"
