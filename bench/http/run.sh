#!/usr/bin/env bash
# Limiter over HTTP beside what one would pick instead, in alternating rounds of one run: each server on core 0, the load
# (and the API behind the proxies) on core 1. Loopback only, ports 7281 to 7295; bounded in count and time; what it starts
# it stops, also when it fails. `run.sh --help` lists the options; docs/performance.md says what the contenders do.
#
# It needs the .NET 10 SDK, Node.js and npm. wrk, nginx, haproxy and redis-server are installed with apt-get when they are
# missing and this is root.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export BENCH_ROOT=$root DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

missing=()
for need in wrk:wrk nginx:nginx-light haproxy:haproxy redis-server:redis-server; do
  command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
done
if ((${#missing[@]})); then
  ((EUID == 0)) || { echo "missing, and only root can install: ${missing[*]}" >&2; exit 1; }
  echo "installing ${missing[*]}"
  # A package that starts its own server at once would take its port and its share of a core.
  policy=/usr/sbin/policy-rc.d
  [[ -e $policy ]] || { printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod +x "$policy"; made=1; }
  apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >/dev/null
  [[ -z ${made:-} ]] || rm -f "$policy"
fi
for need in dotnet node npm taskset; do
  command -v "$need" >/dev/null || { echo "missing: $need" >&2; exit 1; }
done
(($(nproc) >= 2)) || { echo 'two cores are needed: one for the servers, one for the load' >&2; exit 1; }

for project in src/Limiter.Server bench/http/Peers bench/http/Harness; do
  dotnet build "$root/$project" -c Release -v q --nologo >/dev/null || { echo "$project does not build" >&2; exit 1; }
done
(cd "$root/bench/http/node" && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error >/dev/null)

BENCH_SCRATCH=$(mktemp -d)
export BENCH_SCRATCH
harness=
# The harness stops what it started. If it died, its list says what is left.
finish() {
  [[ -z $harness ]] || { kill -TERM "$harness" 2>/dev/null && wait "$harness" 2>/dev/null; } || true
  if [[ -f $BENCH_SCRATCH/pids ]]; then
    while read -r pid; do
      # A pid may be another's by now: only what runs in this run's folder is ours.
      [[ $(readlink "/proc/$pid/cwd" 2>/dev/null) != "$BENCH_SCRATCH" ]] || kill -KILL "$pid" 2>/dev/null || true
    done <"$BENCH_SCRATCH/pids"
  fi
  rm -rf "$BENCH_SCRATCH"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# 1,000 connections, twice at a proxy, are more open files than some shells allow.
(($(ulimit -n) >= 8192)) || ulimit -Sn 8192 2>/dev/null || true
dotnet "$root/bench/http/Harness/bin/Release/net10.0/Harness.dll" "$@" &
harness=$!
code=0
wait "$harness" || code=$?
harness=
exit "$code"
