#!/usr/bin/env bash
# run.sh [OPTION…]: side by side with other tools, interleaved, on two servers of its own. ./build bench calls it.
#
#   --full               the sizes of docs/performance.md instead of seconds' worth
#   --scale N            pgbench's scale for w1 and c1
#   --rows N             rows of the wide table of w2
#   --many N             transactions of c3
#   --runs N             how often each tool runs, one after the other in each round
#   --jobs N             parts, and indexes, at the same time; the number of cores if not given
#   --major N            of PostgreSQL on both sides; 17 if not given
#   --only 'NAME…'       of w1 w2 c1 c2 c3 latency
#   --tools 'NAME…'      of those that bench/copies.sh and bench/relays.sh know
#   --results FOLDER     where the table, the plots and the raw figures go; bench/results if not given
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/say.sh
source eng/versions.sh
source bench/servers.sh
source bench/measure.sh
source bench/copies.sh
source bench/relays.sh

scale=2 rows=10000 tables=20 transactions=4000 bulk_transactions=4 bulk_rows=5000 many_transactions=2000 latency_rows=20 runs=1 shared_buffers=256MB
jobs=$(nproc) major=17 only='w1 w2 c1 c2 c3 latency' tools='' results=bench/results

while (($#)); do
    case $1 in
        --full) scale=50 rows=1700000 tables=200 transactions=200000 bulk_transactions=20 bulk_rows=100000 many_transactions=60000 latency_rows=300 runs=5 shared_buffers=1GB ;;
        --scale) scale=${2:?}; shift ;;
        --rows) rows=${2:?}; shift ;;
        --many) many_transactions=${2:?}; shift ;;
        --runs) runs=${2:?}; shift ;;
        --jobs) jobs=${2:?}; shift ;;
        --major) major=${2:?}; shift ;;
        --only) only=${2:?}; shift ;;
        --tools) tools=${2:?}; shift ;;
        --results) results=${2:?}; shift ;;
        *) fail "no such option: $1" ;;
    esac
    shift
done

bin=$postgres_root/$major/bin
pgbaton=${PGBATON_EXECUTABLE:-$PWD/artifacts/bin/PgBaton.Cli/release/pgbaton}
export PATH=$postgres_root/client/bin:$PATH PGSSLMODE=disable PGOPTIONS='-c client_min_messages=warning'
[[ -x $pgbaton ]] || fail "$pgbaton is missing: build first"
mkdir -p "$results"
raw=$results/runs.tsv
printf 'workload\ttool\tround\twall\tsource\ttool_cpu\ttarget\tmemory\n' >"$raw"

record() { # WORKLOAD TOOL ROUND
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$wall" "$cpu_source" "$cpu_tool" "$cpu_target" "$memory" >>"$raw"
    note "$1 $2: $wall s, CPU $cpu_source + $cpu_tool + $cpu_target s, $memory MB"
}

broken=0

# workload NAME KIND: each tool once in each round, so that whatever else happens on the machine meets all of them.
workload() {
    local name=$1 kind=$2 tool round
    for ((round = 1; round <= runs; round++)); do
        for tool in $("${kind}_tools"); do
            [[ -z $tools || " $tools " == *" $tool "* ]] || continue
            "${kind}_once" "$name" "$tool" "$round" || { note "$name $tool: no result"; broken=1; }
        done
    done
}

wanted() { [[ " $only " == *" $1 "* ]]; }

servers_start
for name in w1 w2; do
    wanted "$name" || continue
    note "loading $name"
    "load_$name"
    workload "$name" copy
    on source postgres -c "DROP DATABASE $name WITH (FORCE)"
done
for name in c1 c2 c3; do
    wanted "$name" || { [[ $name == c1 ]] && wanted latency; } || continue
    note "loading $name"
    relay_prepare "$name"
    ! wanted "$name" || workload "$name" relay
    if [[ $name == c1 ]] && wanted latency; then
        latency || { note "latency: no result"; broken=1; }
    fi
    drop_slots source "^(pgbaton|kept)_$name"
done
{
    echo "PostgreSQL $major on both sides, $(nproc) cores, $(awk '/^model name/ { sub(/.*: /, ""); print; exit }' /proc/cpuinfo), $(date -u +%Y-%m-%d)."
    echo "scale $scale, $rows wide rows, $tables small tables, $transactions small transactions, $bulk_transactions of $bulk_rows rows, $many_transactions over all tables; $runs runs, $jobs jobs."
} >"$results/machine.txt"
bench/report.sh "$results"
((broken == 0)) || fail "not every run has a result"
