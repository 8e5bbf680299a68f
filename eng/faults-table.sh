#!/usr/bin/env bash
# faults-table.sh FILE: writes the tables of docs/reliability.md from the rows that runs of ./build faults have added to FILE:
# what, where, outcome, seconds, commits meanwhile, seed; separated by tabs.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=$1 page=docs/reliability.md
[[ -s $rows ]] || exit 0

# One line for each place, one column for each thing that was done there; how often it ended equal.
places() {
    awk -F '\t' '
        BEGIN {
            split("start check slot pre-data copy post-data follow fence sequences reverse open return clean", steps, " ")
            for (i in steps) rank[steps[i]] = i
            columns = split("kill before|kill after|kill before, twice|kill after, twice|connection reset before the answer|crash before|crash after|SIGSTOP", title, "|")
            for (i = 1; i <= columns; i++) column[title[i]] = i
        }
        {
            what = $1; sub(/^short: /, "", what); sub(/^crash of the (source|target) /, "crash ", what); sub(/^SIGSTOP.*/, "SIGSTOP", what)
            where = $2; sub(/ \([0-9]+ runs\)$/, "", where); step = where; sub(/: .*/, "", step)
            if (!(what in column) || !(step in rank) || where !~ /: / || $3 != "equal") next
            if (!(where in seen)) { seen[where] = sprintf("%02d", rank[step]) where; count++ }
            runs[where, column[what]]++
        }
        END {
            print "| place | killed before | killed after | killed before, again while resuming | killed after, again while resuming | answer lost | server crashed before | server crashed after | process slept, another took over |"
            print "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
            for (w in seen) { line = "| " w " |"; for (i = 1; i <= columns; i++) line = line " " runs[w, i] " |"; print seen[w] "\t" line | "LC_ALL=C sort | cut -f 2" }
        }' "$rows"
}

others() {
    printf '| what | where | outcome | runs | seconds |\n| --- | --- | --- | ---: | ---: |\n'
    awk -F '\t' -v OFS='\t' '{ what = $1; sub(/^short: /, "", what); $1 = what; sub(/ \([0-9]+ runs\)$/, "", $2) } 1' "$rows" |
        grep -v -P '^(kill (before|after)(, twice)?|connection reset before the answer|SIGSTOP[^\t]*|crash of the (source|target) (before|after))\t[^\t]*: ' |
        sed -E 's/^(kill at random\t)[^\t]*/\1anywhere, ten times a migration/; s/ \([0-9]+ of them[^)]*\)//; s/^(cut in the middle[^\t]*\t.*), [0-9]+ bytes/\1/; s/(told after )[0-9.]+ s/\1about 1 s/' |
        LC_ALL=C sort -t $'\t' -k1,1 -k2,2 -k3,3 | awk -F '\t' '
        function flush() { if (n) printf "| %s | %s | %s | %d | %s |\n", what, where, outcome, n, (low == high ? low : low "–" high) }
        { if ($1 != what || $2 != where || $3 != outcome) { flush(); what = $1; where = $2; outcome = $3; n = 0; low = high = $4 + 0 } }
        { n++; if ($4 + 0 < low) low = $4 + 0; if ($4 + 0 > high) high = $4 + 0 }
        END { flush() }'
}

total() {
    awk -F '\t' '
        $3 == "FAILED" { failed++; next }
        { proven++; commits += $5; seeds[$6]++ }
        END {
            printf "%d runs ended as the tables say (%d did not), with %d acknowledged commits of the application: 0 lost, 0 doubled. Seeds:", proven, failed, commits
            for (s in seeds) printf " %s (%d)", s, seeds[s]
            print "."
        }' "$rows"
}

{
    sed '/^<!-- faults -->$/q' "$page"
    printf '### At the places\n\nHow often it was done there, and every row was equal in the end. Empty: not yet.\n\n'
    places
    printf '\n### Everything else\n\n'
    others
    printf '\n'
    total
    sed -n '/^<!-- \/faults -->$/,$p' "$page"
} >"$page.new"
mv "$page.new" "$page"
