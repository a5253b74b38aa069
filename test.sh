#!/usr/bin/env bash
# Builds everything and runs every test. The last line is "N passed, N failed"; the exit code is 0 only when
# something ran and nothing failed.
#
#   ./test.sh            all test projects
#   ./test.sh Sqlite     only those whose name contains "Sqlite"
#
# LIMITER_TEST_CONFIGURATION  build configuration, Release unless set
# LIMITER_TEST_SECONDS        longest run of one test project, 480 unless set
# LIMITER_AZURE_SDK           "packages" or "standins"; when it is not set, what the feed has
set -euo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")"

filter=${1:-}
configuration=${LIMITER_TEST_CONFIGURATION:-Release}
seconds=${LIMITER_TEST_SECONDS:-480}
results=$PWD/artifacts/test

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_UI_LANGUAGE=en
# No build node stays behind: a caller that waits for every holder of its pipe would wait for them.
export MSBUILDDISABLENODEREUSE=1 MSBUILDTERMINALLOGGER=off
[[ -t 1 && -z ${NO_COLOR:-} ]] || export NO_COLOR=1

passed=0 failed=0 skipped=0 running=
scratch=$(mktemp -d)
# The build leaves empty folders in its temporary one; killed tests leave what they were killed over.
export TMPDIR=$scratch

# Whatever ends this script, its last line is the sum.
finish() {
  local code=$?
  trap - EXIT INT TERM HUP
  if [[ -n $running ]]; then
    kill -KILL -- "-$running" 2>/dev/null || true
    failed=$((failed + 1))
  fi
  rm -rf "$scratch"
  ((failed == 0 && passed > 0)) || ((code != 0)) || code=1
  [[ ! -s $results/failures.log ]] || cat "$results/failures.log"
  # Tests of programs that this machine lacks say so; the last line is the same everywhere.
  ((skipped == 0)) || echo "$skipped skipped"
  echo "$passed passed, $failed failed"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
  echo "FAILED: $1"
  failed=$((failed + 1))
}

command -v dotnet >/dev/null || { fail 'the .NET 10 SDK is not on the PATH'; exit 1; }

# A feed may stumble; a package that it lacks is missing at the third attempt too.
restore() {
  local attempt
  for attempt in 1 2 3; do
    if dotnet restore Limiter.sln -v quiet >"$results/restore.log" 2>&1; then return 0; fi
    ((attempt == 3)) || sleep "$attempt"
  done
  return 1
}

rm -rf "$results"
mkdir -p "$results"

# The Azure packages come from the feed when it has all of them, otherwise from eng/standins.
if [[ -z ${LIMITER_AZURE_SDK:-} ]]; then
  LIMITER_AZURE_SDK=packages
  LIMITER_AZURE_SDK=packages dotnet restore eng/probe/AzureSdkProbe.csproj -v quiet >"$results/probe.log" 2>&1 \
    || LIMITER_AZURE_SDK=standins
fi
export LIMITER_AZURE_SDK
echo "Azure SDK: $LIMITER_AZURE_SDK"

restore || { cat "$results/restore.log"; fail restore; exit 1; }
if ! dotnet build Limiter.sln -c "$configuration" --no-restore -v quiet -nologo \
  -p:UseSharedCompilation=false >"$results/build.log" 2>&1; then
  sort -u "$results/build.log"
  fail build
  exit 1
fi
grep -E ': warning ' "$results/build.log" | sort -u || true

# The value of a number in the first line that describes the assembly in a result file.
count() {
  local value
  value=$(grep -m1 -oE '<assembly [^>]*>' "$2" | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+') || value=0
  echo "$value"
}

run() {
  local name=$1 assembly=$2 xml=$results/$1.xml log=$results/$1.log code=0 started=$SECONDS
  # A process group of its own, so that a timeout ends whatever the tests have started.
  setsid timeout --kill-after=10 "$seconds" \
    dotnet exec "$assembly" -noLogo -noColor -xml "$xml" >"$log" 2>&1 &
  running=$!
  wait "$running" || code=$?
  kill -KILL -- "-$running" 2>/dev/null || true
  running=

  # The result file is written last: without its end the host has crashed, whatever it printed or returned.
  local p=0 f=0 s=0 why=
  if [[ -s $xml ]] && grep -q '</assemblies>' "$xml"; then
    f=$(($(count failed "$xml") + $(count errors "$xml")))
    s=$(($(count skipped "$xml") + $(count not-run "$xml")))
    p=$(count passed "$xml")
    ((code == 0 || f > 0)) || why="exit code $code"
  elif ((code == 124 || code == 137)); then
    why="no result within $seconds s"
  else
    why="no result, exit code $code"
  fi
  [[ -z $why ]] || f=$((f + 1))

  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  if ((f > 0)); then
    cat "$log"
    # Each failure from its name to its trace, said once more at the very end: a long log buries it.
    grep -A15 -E '\[FAIL\]$' "$log" >>"$results/failures.log" || true
  fi
  local line
  line=$(printf '%-28s %5d passed, %d failed' "$name" "$p" "$f")
  ((s == 0)) || line+=", $s skipped"
  echo "$line ($((SECONDS - started)) s)${why:+: $why}"
}

# A folder's packages of npm, once, when a project that is run needs them.
packages() {
  local folder=$1
  [[ ! $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] || return 0
  command -v npm >/dev/null || { fail "npm is not on the PATH: the tests with $folder need Node.js"; return; }
  (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts) >"$results/npm.log" 2>&1 \
    || { cat "$results/npm.log"; fail "npm ci in $folder"; }
}

mapfile -t projects < <(find tests -name '*.csproj' -not -path '*/bin/*' -not -path '*/obj/*' | LC_ALL=C sort)
found=0
for project in "${projects[@]}"; do
  name=$(basename "$project" .csproj)
  [[ $name == *"$filter"* ]] || continue
  properties=$(dotnet msbuild "$project" -nologo -p:Configuration="$configuration" \
    -getProperty:IsTestProject,TargetPath,NeedsNpm) || { fail "$name cannot be read"; continue; }
  grep -qiE '"IsTestProject": *"true"' <<<"$properties" || continue
  found=$((found + 1))
  folder=$(sed -nE 's/.*"NeedsNpm": *"(.*)".*/\1/p' <<<"$properties")
  [[ -z $folder ]] || packages "$folder"
  run "$name" "$(sed -nE 's/.*"TargetPath": *"(.*)".*/\1/p' <<<"$properties")"
done

((found > 0)) || fail "no test project's name contains \"$filter\""
