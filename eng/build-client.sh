#!/usr/bin/env bash
# build-client.sh: builds pg_dump, pg_restore and psql of the newest major into <root>/client.
#
# Debian 12 has those of 15 only, which refuse newer servers. The source is Debian's own, of its next release.
set -euo pipefail
cd "$(dirname "$0")"
source ./say.sh
source ./versions.sh
source ./debian-source.sh

work=$(mktemp -d "$postgres_root/.tmp-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

compile() {
    local part
    mkdir source
    tar -xf postgresql-"$client_major"_*.orig.tar.* -C source --strip-components 1
    cd source
    # The programs find libpq by this prefix, so it is the final place.
    run ./configure --quiet --prefix="$postgres_root/client" --with-ssl=openssl --without-icu --without-readline >&2
    for part in interfaces/libpq bin/pg_dump bin/psql; do
        run make --silent --jobs="$(nproc)" --directory="src/$part" >&2
        make --silent --directory="src/$part" install DESTDIR="$work/built" >&2
    done
}

if fetch_debian_source "postgresql-$client_major" testing unstable stable; then
    (compile)
    install_home "$work/built$postgres_root/client" client "$client_major"
else
    note "The source of PostgreSQL $client_major could not be had: pg_dump, pg_restore and psql will be Debian's" \
        "$debian_major, which refuse newer servers. To try again, remove $postgres_root/client."
    mkdir client
    ln -s "/usr/lib/postgresql/$debian_major/bin" client/bin
    install_home "$work/client" client "$client_major: Debian's $debian_major instead"
fi
