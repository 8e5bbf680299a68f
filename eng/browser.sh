#!/usr/bin/env bash
# browser.sh: installs Debian's Chromium if no browser is there that the tests of the page know.
set -euo pipefail
cd "$(dirname "$0")"
source ./say.sh
source ./packages.sh

for program in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
    [[ ! -x $program ]] || exit 0
done
note "Chromium is missing; Debian's chromium will be installed."
install_packages chromium
