#!/usr/bin/env bash
# servers.sh start MAJOR… | stop
#
# start: one throwaway server a major on a free loopback port, and on stdout what the tests must know, to be eval-ed:
#   export PGBATON_RUN=…                   the directory that holds it all; stop needs it
#   export PGBATON_TEST_PG17=postgresql://postgres:…@127.0.0.1:port/postgres
#   export PGBATON_TEST_SOCKETS=…          the directory of the Unix sockets, where no password is asked
#   export PGBATON_TEST_CA=…               the certificate that all of them show, for localhost and 127.0.0.1
# stop: ends exactly those servers, those that a test left behind in tmp, and removes their data.
#
# A PGBATON_RUN given to start must not exist yet.
set -euo pipefail
cd "$(dirname "$0")"
source ./say.sh
source ./versions.sh

run_directory=

# PostgreSQL refuses to run as root.
as_postgres() {
    if ((EUID == 0)); then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

make_run_directory() {
    run_directory=${PGBATON_RUN:-$(mktemp -u -d "${TMPDIR:-/tmp}/pgbaton-XXXXXX")}
    mkdir -m 700 "$run_directory" || fail "start needs a new directory"
    ((EUID != 0)) || chown postgres: "$run_directory"   # 700: sockets without a password are for nobody else
    cd "$run_directory"
    as_postgres mkdir tmp
    as_postgres sh -c 'umask 077; od -An -N16 -tx1 /dev/urandom | tr -d " \n" >password'
    (umask 077 && cheap_verifier "$(<password)" >verifier)
    ((EUID != 0)) || chown postgres: verifier
    as_postgres openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
        -keyout server.key -out server.crt 2>openssl.log
}

# What the server keeps of a password (RFC 5802): SCRAM with a single round instead of 4096, of which every connection of both ends would pay
# some milliseconds of a core.
cheap_verifier() {
    local salt salted client stored server
    hmac() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -r | cut -d ' ' -f 1; }
    bytes_of_hex() { printf '%b' "$(sed 's/../\\x&/g')"; }
    salt=$(openssl rand -hex 16)
    salted=$(printf '%s00000001' "$salt" | bytes_of_hex | hmac "$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')")
    client=$(printf 'Client Key' | hmac "$salted")
    stored=$(printf '%s' "$client" | bytes_of_hex | openssl dgst -sha256 -binary | base64)
    server=$(printf 'Server Key' | hmac "$salted" | bytes_of_hex | base64)
    printf 'SCRAM-SHA-256$1:%s$%s:%s' "$(printf '%s' "$salt" | bytes_of_hex | base64)" "$stored" "$server"
}

write_settings() {
    local major=$1
    cat <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$run_directory'
max_connections = 200
ssl = on
ssl_cert_file = '$run_directory/server.crt'
ssl_key_file = '$run_directory/server.key'

wal_level = logical
max_wal_senders = 40
max_replication_slots = 40
max_logical_replication_workers = 12
max_worker_processes = 16
max_prepared_transactions = 20
max_locks_per_transaction = 256

# Throwaway data: nothing is made safe against a crash of the machine, commits stay in order all the same.
fsync = off
full_page_writes = off
synchronous_commit = on
shared_buffers = 64MB
max_wal_size = 256MB
jit = off

log_line_prefix = '%m [%p] %q%a %u@%d '
log_timezone = UTC
timezone = UTC
END
    ((major < 13)) || echo "max_slot_wal_keep_size = 4GB    # a slot that a test forgot must not fill the disk"
}

# The server itself decides whether a port is free: it does not start on one that is taken.
start_on_free_port() {
    local bin=$1 home=$2 port
    for _ in {1..10}; do
        port=$((20000 + RANDOM % 10000))
        if as_postgres "$bin/pg_ctl" -D "$home/data" -l "$home/log" -o "-p $port" -w -t 60 -s start \
            2>>"$home/pg_ctl.log"; then
            printf '%s' "$port" >"$home/port"
            return
        fi
        grep -q 'could not bind' "$home/log" || break
    done
    tail -n 20 "$home/pg_ctl.log" "$home/log" >&2
    return 1
}

start_server() {
    local major=$1 bin=$postgres_root/$1/bin home=$run_directory/$1 kept=verifier
    ((major >= 14)) || kept=password    # Before, initdb reads no more than 99 bytes.
    as_postgres mkdir "$home"
    as_postgres "$bin/initdb" -D "$home/data" --username=postgres --pwfile="$run_directory/$kept" \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$home/initdb.log" ||
        { cat "$home/initdb.log" >&2; return 1; }
    write_settings "$major" >>"$home/data/postgresql.conf"
    start_on_free_port "$bin" "$home"
}

print_exports() {
    local major password port
    password=$(<"$run_directory/password")
    echo "export PGBATON_RUN=${run_directory@Q}"
    echo "export PGBATON_TEST_SOCKETS=${run_directory@Q}"
    echo "export PGBATON_TEST_CA=${run_directory@Q}/server.crt"
    for major; do
        port=$(<"$run_directory/$major/port")
        echo "export PGBATON_TEST_PG$major='postgresql://postgres:$password@127.0.0.1:$port/postgres'"
    done
}

start() {
    local major pid pids=() failed=0
    (($# > 0)) || fail "start which majors?"
    for major; do
        [[ -x $postgres_root/$major/bin/postgres ]] || fail "PostgreSQL $major is missing: ./build setup $major"
    done
    trap interrupted HUP INT TERM
    make_run_directory
    set -m      # each in a process group of its own: a Ctrl-C must not kill pg_ctl between the server and its pid file
    for major; do
        start_server "$major" </dev/null &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || failed=1
    done
    if ((failed)); then
        end_servers
        fail "not every server has started"
    fi
    print_exports "$@"
}

interrupted() {
    trap '' HUP INT TERM
    wait
    end_servers
    exit 130
}

stop() {
    run_directory=${PGBATON_RUN:?stop which servers? PGBATON_RUN is not set}
    [[ -e $run_directory ]] || return 0
    [[ -f $run_directory/password ]] || fail "$run_directory was not made by start"
    end_servers
}

end_servers() {
    local data major
    [[ -d $run_directory ]] || return 0
    cd "$run_directory"
    for data in */data tmp/*/data; do
        [[ -f $data/postmaster.pid ]] || continue
        major=$(<"$data/PG_VERSION")
        as_postgres "$postgres_root/$major/bin/pg_ctl" -D "$run_directory/$data" -m immediate -w -s stop || true
    done
    cd /
    rm -rf "$run_directory"
}

case ${1:-} in
    start | stop) "$@" ;;
    *) fail "usage: servers.sh start MAJOR… | stop" ;;
esac
