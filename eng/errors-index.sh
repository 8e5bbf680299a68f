#!/usr/bin/env bash
# Writes docs/errors.md: one line for each page of docs/errors and docs/checks. A test holds the list and the pages together.
set -euo pipefail
cd "$(dirname "$0")/../docs"

section() { # folder
  for page in "$1"/PB*.md; do
    [ -e "$page" ] || continue
    code=$(basename "$page" .md)
    echo "- [$code]($page)$(sed -n "1s/^# $code//p" "$page")"
  done
}

{
  echo "# Errors and findings"
  echo
  echo "Every error has the shape of PostgreSQL's own, with a code: \`ERROR:  PB0101: …\`, \`DETAIL:  …\`, \`HINT:  …\`. \`pgbaton explain CODE\`"
  echo "prints the page of a code without a network."
  echo
  echo "PB00 command line and connection strings · PB01 servers · PB02 journal and engine · PB03 schema · PB04 copy · PB05 slot and relay ·"
  echo "PB06 verification · PB07 cutover · PB08 the ends · PB09 providers · PB1 findings of \`pgbaton check\`. Written by eng/errors-index.sh."
  echo
  echo "## Errors"
  echo
  section errors
  echo
  echo "## Findings"
  echo
  section checks
} > errors.md
