#!/usr/bin/env bash
# pooler.sh: installs Debian's PgBouncer if it is missing, without the service that its package would start.
set -euo pipefail
cd "$(dirname "$0")"
source ./say.sh
source ./packages.sh

[[ -x /usr/sbin/pgbouncer ]] && exit
note "PgBouncer is missing; Debian's pgbouncer will be installed."
RUNLEVEL=1 install_packages pgbouncer
