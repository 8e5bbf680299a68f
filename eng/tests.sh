# shellcheck shell=bash disable=SC2154
# Runs the tests against throwaway servers, and sums up.
#
# Sourced by ./build, so that its traps end what was started here; needs say.sh, versions.sh and the array majors.

programs=artifacts/bin
reports=artifacts/test-reports
test_process=

# Where throwaway data lie best: in memory, if there is plenty. Databases are made and dropped by the hundred.
scratch() {
    local gigabytes=12 shared=/dev/shm
    if [[ -z ${TMPDIR:-} && -w $shared ]] && awk -v least="$gigabytes" '/^MemAvailable:/ { exit $2 < least * 1048576 }' /proc/meminfo &&
        (($(df --output=avail -k "$shared" | tail -n 1) >= gigabytes * 1048576)); then
        echo "$shared"
    else
        echo "${TMPDIR:-/tmp}"
    fi
}

start_servers() {
    local exports
    PGBATON_RUN=$(mktemp -u -d "$(scratch)/pgbaton-XXXXXX")    # known to the trap before any server runs
    export PGBATON_RUN
    trap end_tests EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    exports=$(run eng/servers.sh start "$@")
    eval "$exports"
    export PGBATON_POSTGRES=$postgres_root PATH=$postgres_root/client/bin:$PATH
}

end_tests() {
    trap - EXIT
    trap '' HUP INT TERM
    end_test_process
    eng/servers.sh stop
}

end_test_process() {
    [[ -n $test_process ]] || return 0
    kill -TERM "$test_process" 2>/dev/null || return 0
    for _ in {1..50}; do
        kill -0 "$test_process" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$test_process" || true
}

# run_tests PROGRAM REPORT [OPTION…]: the options are those of xunit's own runner (-class, -method, -trait; -? lists them), and
# --filter TEXT for every test with TEXT in its full name.
run_tests() {
    local program=$programs/$1/release/$1 report=$reports/$2.xml options=(-noLogo) code=0 folder=${TMPDIR:-/tmp}
    [[ $1 == PgBaton.Faults ]] || folder=$PGBATON_RUN/tmp     # Servers that tests crash write to the disk for real.
    shift 2
    [[ -t 1 ]] || options+=(-noColor)
    while (($#)); do
        if [[ $1 == --filter ]]; then
            options+=(-method "*${2:?--filter needs a text}*")
            shift 2
        else
            options+=("$1")
            shift
        fi
    done
    mkdir -p "$reports"
    rm -f "$report"
    # In the background, because bash runs a trap only when no command is in the foreground.
    show "$program" "${options[@]}" -xml "$report"
    TMPDIR=$folder "$program" "${options[@]}" -xml "$report" &
    test_process=$!
    wait "$test_process" || code=$?
    test_process=
    [[ -s $report ]] || fail "the tests ended with exit code $code and left no report"
    count_tests "$report" "$code"
}

passed=0 failed=0 skipped=0 broken=0

count_tests() {
    local report=$1 code=$2 totals failures errors
    totals=$(grep -m 1 -o '<assembly [^>]*>' "$report")
    attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$totals"; }
    failures=$(attribute failed)
    errors=$(attribute errors)          # what fails outside a test: a fixture, a clean-up
    passed=$((passed + $(attribute passed)))
    failed=$((failed + failures + errors))
    skipped=$((skipped + $(attribute skipped)))
    if ((code != 0 && failures + errors == 0)); then
        note "The tests ended with exit code $code, though none has failed."
        broken=1
    fi
}

# The last line, always of this form, and the exit code that goes with it.
sum_up() {
    end_tests
    say_totals
}

say_totals() {
    if ((passed + failed == 0)); then
        note "No test has run."
        broken=1
    fi
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    exit $((failed > 0 || broken))
}

# All but what has a word of its own or is long; with options, only the tests that they choose. Whoever names a trait chooses among all.
test_all() {
    local length=(-trait- Length=Long)
    [[ " $* " != *" -trait "* ]] || length=()
    start_servers "${majors[@]}"
    export PGSSLMODE=disable    # Where nothing else is said: a tenth of all the time would go to TLS, which the tests of it speak, and the matrix.
    run_tests PgBaton.Tests tests "${length[@]}" "$@"
    (($#)) || run_tests PgBaton.Faults faults-short -trait Length=Short
    sum_up
}

# Every scenario, whole: one line for each, a column for each pair of servers and role of the target. A process for each pair and role: the driver remembers every connection
# string and puts them in order, so that the thousandth database takes many times as long as the first.
test_cases() {
    local score=$reports/cases.tsv pair role
    if (($#)) && [[ -d $1 ]]; then
        PGBATON_CASES=$(realpath "$1")
        export PGBATON_CASES
        shift
    fi
    mkdir -p "$reports"
    rm -f "$score"
    start_servers 15 17 18
    export PGBATON_CASES_PAIRS PGBATON_CASES_SCORE=$PWD/$score
    for pair in 15:17 15:18 17:18; do
        PGBATON_CASES_PAIRS=$pair
        for role in Superuser PlainOwner; do
            run_tests PgBaton.Tests "cases-$role-${pair/:/-}" -class "*.${role}Cases" "$@"
        done
    done
    print_score "$score"
    sum_up
}

print_score() {
    sort "$1" | awk -F '\t' '
        { column = $2 ", " $3; line[$1] = 1; if (!(column in place)) { place[column] = ++columns; name[columns] = column }
          kind = $5; sub(/ \(.*/, "", kind); sub(/^(different|stuck|harmed|broken):.*/, "&", kind)
          cell[$1, place[column]] = ($4 == "ok" ? "" : "NOT ") substr(kind, 1, 30); total[place[column]]++; right[place[column]] += $4 == "ok" }
        END {
            printf "%-34s", "case"; for (i = 1; i <= columns; i++) printf "  %-24s", name[i]; print ""
            count = 0; for (l in line) names[++count] = l
            for (a = 1; a <= count; a++) for (b = a + 1; b <= count; b++) if (names[b] < names[a]) { t = names[a]; names[a] = names[b]; names[b] = t }
            for (a = 1; a <= count; a++) {
                printf "%-34s", substr(names[a], 1, 34)
                for (i = 1; i <= columns; i++) printf "  %-24s", substr(cell[names[a], i], 1, 24)
                print ""
            }
            printf "%-34s", "as expected"; for (i = 1; i <= columns; i++) printf "  %-24s", right[i] " of " total[i]; print ""
        }'
}

# The database that PostgreSQL's own regression tests leave behind, moved to 17 and 18.
test_corpus() {
    start_servers 15 17 18
    run eng/corpus.sh
    export PGBATON_CORPUS=regression
    run_tests PgBaton.Tests corpus -trait Category=Corpus "$@"
    sum_up
}

# Faults of every kind. The servers are the tests' own: they write to the disk for real, and are crashed.
test_faults() {
    local options=()
    while (($#)); do
        case $1 in
            --kills) export PGBATON_KILLS=${2:?--kills needs a number}; shift 2 ;;
            --seed) export PGBATON_SEED=${2:?--seed needs a number}; shift 2 ;;
            --place) export PGBATON_PLACE=${2:?--place needs a text: 'open: decision'}; shift 2 ;;
            --shard) export PGBATON_SHARD=${2:?--shard needs two numbers: 1/4}; shift 2 ;;
            *) options+=("$1"); shift ;;
        esac
    done
    trap end_test_process EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    export PGBATON_POSTGRES=$postgres_root PATH=$postgres_root/client/bin:$PATH
    mkdir -p "$reports"
    export PGBATON_FAULTS_ROWS=$PWD/$reports/faults.tsv
    run_tests PgBaton.Faults faults "${options[@]}"
    eng/faults-table.sh "$PGBATON_FAULTS_ROWS"
    trap - EXIT
    say_totals
}

# The migration tests, from every major to itself and to every newer one; from old sources to the newest two.
test_matrix() {
    local source target
    start_servers "${old_majors[@]}" "${majors[@]}"
    for source in "${old_majors[@]}"; do
        for target in 17 18; do
            [[ " ${majors[*]} " != *" $target "* ]] || test_pair "$source" "$target" "$@"
        done
    done
    for source in "${majors[@]}"; do
        for target in "${majors[@]}"; do
            ((source > target)) || test_pair "$source" "$target" "$@"
        done
    done
    run_tests PgBaton.Tests matrix-old -trait Category=OldSource "$@"
    sum_up
}

test_pair() {
    local source=$1 target=$2 since without=()
    shift 2
    for since in 12 15; do
        ((source >= since)) || without+=(-trait- "Since=$since")    # what the tests themselves do is too new for it
    done
    note "PostgreSQL $source -> $target"
    export PGBATON_SOURCE_MAJOR=$source PGBATON_TARGET_MAJOR=$target
    run_tests PgBaton.Tests "matrix-$source-$target" -trait Category=Migration -trait- Length=Long "${without[@]}" "$@"
}
