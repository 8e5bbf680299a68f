# shellcheck shell=bash disable=SC2154
# What a run costs: wall time, CPU of source, tool and target, and the most memory the tool had.

readonly ticks=$(getconf CLK_TCK)
exec {silence}<> <(:)         # nothing ever comes: read -t from it waits without a process

# Of a process, what it was waited for of its children, and what those that live have used: in ticks.
cpu_of_tree() {
    local total=0 stat pid=$1 child
    { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || { echo 0; return; }
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    total=$((${12} + ${13} + ${14} + ${15}))
    for child in $(cat "/proc/$pid/task/$pid/children" 2>/dev/null); do
        total=$((total + $(cpu_of_tree "$child")))
    done
    echo "$total"
}

seconds_of() { awk -v t="$1" -v h="$ticks" 'BEGIN { printf "%.2f", t / h }'; }

now() { echo "${EPOCHREALTIME/,/.}"; }

# Notes the most memory that a process had, until it has ended.
watch_memory() { # PID FILE
    local line most=0
    while [[ -r /proc/$1/status ]]; do
        { while read -r line; do
            [[ $line != VmHWM:* ]] || most=${line//[^0-9]/}
        done <"/proc/$1/status"; } 2>/dev/null || true
        echo "$most" >"$2"
        read -r -t 0.05 -u "$silence" || true
    done
}

# measure COMMAND…: runs it, then sets wall, cpu_source, cpu_tool, cpu_target (seconds) and memory (MB).
measure() {
    local s0 t0 s1 t1 began ended code=0 tool watcher
    s0=$(cpu_of_tree "${postmaster[source]}") t0=$(cpu_of_tree "${postmaster[target]}")
    echo 0 >"$place/memory"
    rm -f "$place/tool.reached"
    began=$(now)
    (
        code=0
        "$@" >"$place/tool.log" 2>&1 || code=$?
        read -r stat <"/proc/$BASHPID/stat"
        # shellcheck disable=SC2086
        set -- ${stat##*) }
        echo $((${14} + ${15})) >"$place/tool.cpu"      # what it has waited for: the tool and its children
        now >"$place/tool.ended"
        exit "$code"
    ) &
    tool=$!
    watch_tool "$tool" &
    watcher=$!
    wait "$tool" || code=$?
    wait "$watcher" || true
    ((code == 0)) || { tail -n 30 "$place/tool.log" >&2; note "exit code $code: ${*@Q}"; return 1; }
    ended=$(cat "$place/tool.reached" 2>/dev/null || cat "$place/tool.ended")    # Some have to be ended once they have got there.
    s1=$(cpu_of_tree "${postmaster[source]}") t1=$(cpu_of_tree "${postmaster[target]}")
    wall=$(awk -v a="$began" -v b="$ended" 'BEGIN { printf "%.2f", b - a }')
    cpu_source=$(seconds_of $((s1 - s0))) cpu_target=$(seconds_of $((t1 - t0))) cpu_tool=$(seconds_of "$(<"$place/tool.cpu")")
    memory=$(awk -v k="$(<"$place/memory")" 'BEGIN { printf "%d", k / 1024 }')
}

# The first child that is a pgbaton; other tools are many processes, of which no single one tells.
watch_tool() {
    local child
    while [[ -d /proc/$1 ]]; do
        for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
            [[ $(cat "/proc/$child/comm" 2>/dev/null) != pgbaton ]] || { watch_memory "$child" "$place/memory"; return; }
        done
        read -r -t 0.02 -u "$silence" || true
    done
}

# A digest of each table's rows, whatever their order.
digests() { # SERVER DATABASE
    on "$1" "$2" -c "SET search_path = ''; SET extra_float_digits = 3; SET TimeZone = UTC" -f - <<'END'
SELECT format('SELECT %L, count(*), coalesce(sum(pg_catalog.hashtextextended(t::text, 0)::numeric), 0), coalesce(sum(pg_catalog.hashtextextended(t::text, 1)::numeric), 0) FROM ONLY %I.%I t',
              c.relname, n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname = 'public'
 ORDER BY c.relname \gexec
END
}

# Before a time counts: the target has, table by table, the rows of the source.
must_equal() { # DATABASE-ON-SOURCE DATABASE-ON-TARGET
    local known=$place/digests.$1
    [[ -s $known ]] || digests source "$1" >"$known"
    digests target "$2" >"$place/digests"
    diff "$known" "$place/digests" >"$place/difference" || { head "$place/difference" >&2; note "the rows differ"; return 1; }
}
