#!/usr/bin/env bash
# report.sh FOLDER: from runs.tsv and latency.tsv there to results.md and one plot a workload.
set -euo pipefail
folder=$1

# workload tool n wall ratio source tool target total memory: medians, in the order in which the tools first ran; the ratio is pgbaton's time to this one's.
medians() {
    awk -F '\t' '
        function median(key, field,   n, i, j, t, list) {
            n = count[key]
            for (i = 1; i <= n; i++) list[i] = value[key, field, i]
            for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
            return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
        }
        NR == 1 { next }
        { key = $1 "\t" $2; if (!(key in count)) order[++keys] = key; n = ++count[key]; for (f = 4; f <= 8; f++) value[key, f, n] = $f + 0; value[key, 9, n] = $5 + $6 + $7 }
        END {
            for (k = 1; k <= keys; k++) { split(order[k], part, "\t"); if (part[2] == "pgbaton") ours[part[1]] = median(order[k], 4) }
            for (k = 1; k <= keys; k++) {
                key = order[k]; split(key, part, "\t"); wall = median(key, 4)
                printf "%s\t%s\t%d\t%.2f\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%d\n", part[1], part[2], count[key], wall, (part[1] in ours && wall > 0 ? sprintf("%.2f", ours[part[1]] / wall) : "–"),
                    median(key, 5), median(key, 6), median(key, 7), median(key, 9), median(key, 8)
            }
        }' "$folder/runs.tsv"
}

title() {
    case $1 in
        w1) echo "Copy: pgbench" ;;
        w2) echo "Copy: a wide table and many small ones" ;;
        c1) echo "Catching up: TPC-B transactions" ;;
        c2) echo "Catching up: large transactions" ;;
        c3) echo "Catching up: small transactions over many tables" ;;
    esac
}

tables() {
    local workload last='' tool n wall ratio source cpu target total memory
    while IFS=$'\t' read -r workload tool n wall ratio source cpu target total memory; do
        if [[ $workload != "$last" ]]; then
            printf '\n## %s\n\n![](%s.svg)\n\n' "$(title "$workload")" "$workload"
            echo "| tool | runs | wall s | pgbaton's to it | CPU source | CPU tool | CPU target | CPU in all | tool's memory MB |"
            echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
            last=$workload
        fi
        ((memory > 0)) || memory=
        echo "| $tool | $n | $wall | $ratio | $source | $cpu | $target | $total | $memory |"
    done
}

# Bars of the CPU seconds of source, tool and target, with a mark at the wall time.
plot() { # WORKLOAD
    awk -F '\t' -v workload="$1" -v title="$(title "$1")" '
        $1 == workload { n++; tool[n] = $2; wall[n] = $4; cpu[n, 1] = $6; cpu[n, 2] = $7; cpu[n, 3] = $8; if ($9 > most) most = $9; if ($4 > most) most = $4 }
        END {
            split("#4c78a8 #f58518 #54a24b", colour, " "); split("source tool target", part, " ")
            printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", n * 26 + 64
            printf "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/><text x=\"10\" y=\"20\" font-size=\"14\">%s: seconds</text>\n", title
            for (i = 1; i <= 3; i++) printf "<rect x=\"%d\" y=\"30\" width=\"10\" height=\"10\" fill=\"%s\"/><text x=\"%d\" y=\"39\">CPU %s</text>\n", 180 + i * 110 - 110, colour[i], 194 + i * 110 - 110, part[i]
            print "<path d=\"M510 28v14\" stroke=\"black\" stroke-width=\"2\"/><text x=\"518\" y=\"39\">wall time</text>"
            for (i = 1; i <= n; i++) {
                x = 180; y = 24 + i * 26
                printf "<text x=\"170\" y=\"%d\" text-anchor=\"end\">%s</text>\n", y + 14, tool[i]
                for (j = 1; j <= 3; j++) { width = cpu[i, j] / most * 500; printf "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>\n", x, y, width, colour[j]; x += width }
                x = 180 + wall[i] / most * 500
                printf "<path d=\"M%.1f %dv22\" stroke=\"black\" stroke-width=\"2\"/><text x=\"%.1f\" y=\"%d\">%.1f</text>\n", x, y - 2, (180 + 500 > x ? x + 4 : x - 30), y + 14, wall[i]
            }
            print "</svg>"
        }' "$folder/medians.tsv" >"$folder/$1.svg"
}

medians >"$folder/medians.tsv"
for workload in $(cut -f 1 "$folder/medians.tsv" | uniq); do
    plot "$workload"
done
{
    echo "# Measured"
    echo
    sed 's/$/  /' "$folder/machine.txt"
    tables <"$folder/medians.tsv"
    if [[ -s $folder/latency.tsv ]]; then
        read -r n median high most <"$folder/latency.tsv"
        printf '\n## Idle latency\n\nFrom the commit on the source until it is seen on the target: median %s ms, 99 %% within %s ms, at most %s ms (%d commits).\n' "$median" "$high" "$most" "$n"
    fi
} >"$folder/results.md"
