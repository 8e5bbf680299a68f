# shellcheck shell=bash
# How the scripts talk: commands and remarks on stderr, so that stdout holds only results.

note() { printf '%s\n' "$*" >&2; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# Prints a command, with quotes only where they are needed.
show() { printf '$ %s\n' "${*@Q}" | sed "s/'\([A-Za-z0-9_.,:=@%/+-]*\)'/\1/g" >&2; }

run() {
    show "$@"
    "$@"
}
