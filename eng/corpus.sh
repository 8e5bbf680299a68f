#!/usr/bin/env bash
# corpus.sh: runs PostgreSQL's own regression tests against the server PGBATON_TEST_PG15 and leaves their database "regression" there.
#
# The tests are Debian's source package of that version, fetched once into <root>/corpus; their results are not looked at.
set -euo pipefail
cd "$(dirname "$0")"
source ./say.sh
source ./versions.sh
source ./debian-source.sh

corpus=$postgres_root/corpus

fetch_tests() {
    local work
    [[ ! -d $corpus/sql ]] || return 0
    work=$(mktemp -d "$postgres_root/.tmp-XXXXXX")
    (
        cd "$work"
        fetch_debian_source "postgresql-$debian_major" "$(debian_codename)" || fail "the source of PostgreSQL $debian_major cannot be had"
        mkdir source
        tar -xf postgresql-"$debian_major"_*.orig.tar.* -C source --strip-components 1 --wildcards '*/src/test/regress/*'
        chmod -R a+rX source
        mv -T source/src/test/regress "$corpus"
    )
    rm -rf "$work"
}

# The server reads and writes files of the tests itself.
run_tests() {
    local server=${PGBATON_TEST_PG15:?} database results test
    local psql=/usr/lib/postgresql/$debian_major/bin/psql
    database=${server%/postgres}/regression
    results=$(mktemp -d "${TMPDIR:-/tmp}/pgbaton-corpus-XXXXXX")
    mkdir "$results/results" "$results/testtablespace"
    chmod 755 "$results"
    ((EUID != 0)) || chown -R postgres: "$results/results" "$results/testtablespace"
    export PG_ABS_SRCDIR=$corpus PG_ABS_BUILDDIR=$results PG_LIBDIR='$libdir' PG_DLSUFFIX=.so PGTZ=PST8PDT PGDATESTYLE='Postgres, MDY'
    "$psql" -X -q "$server" -c 'CREATE DATABASE regression TEMPLATE template0' -c "ALTER DATABASE regression SET lc_messages TO 'C'" \
        -c "ALTER DATABASE regression SET timezone_abbreviations TO 'Default'"
    for test in $(sed -n 's/^test: //p' "$corpus/parallel_schedule"); do
        PGOPTIONS='-c intervalstyle=postgres_verbose' "$psql" -X -a -q "$database" -v HIDE_TABLEAM=on -v HIDE_TOAST_COMPRESSION=on \
            -f "$corpus/sql/$test.sql" >"$results/$test.out" 2>&1 || note "$test ended with exit code $?"
    done
    "$psql" -X -q "$database" -f corpus.sql
    rm -rf "$results"
    note "$("$psql" -X -q -At "$database" -c "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace > 16383 OR relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace") tables in the corpus"
}

fetch_tests
run_tests
