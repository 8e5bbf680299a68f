# shellcheck shell=bash disable=SC2154
# Two throwaway servers that write to the disk for real, and what is said to them. Sourced by run.sh.

declare -A port=() postmaster=()

as_postgres() {
    if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
}

write_settings() {
    cat <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$place'
max_connections = 200
wal_level = logical
max_wal_senders = 40
max_replication_slots = 40
max_logical_replication_workers = 12
max_sync_workers_per_subscription = 2
max_worker_processes = 20
fsync = on
shared_buffers = $shared_buffers
maintenance_work_mem = 256MB
max_wal_size = 8GB
checkpoint_completion_target = 0.9
checkpoint_timeout = 30min
autovacuum_naptime = 5min
jit = off
log_min_messages = warning
END
}

# server_start NAME: source or target, on a port that is free.
server_start() {
    local name=$1 try
    as_postgres "$bin/initdb" -D "$place/$name" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$place/$name.initdb" 2>&1 ||
        { cat "$place/$name.initdb" >&2; fail "initdb has failed"; }
    write_settings >>"$place/$name/postgresql.conf"
    for try in {1..10}; do
        port[$name]=$((30000 + RANDOM % 10000))
        as_postgres "$bin/pg_ctl" -D "$place/$name" -l "$place/$name.log" -o "-p ${port[$name]}" -w -t 60 -s start >>"$place/pg_ctl.log" 2>&1 && break
        grep -q 'could not bind' "$place/$name.log" || { tail "$place/$name.log" >&2; fail "the $name does not start"; }
    done
    postmaster[$name]=$(head -n 1 "$place/$name/postmaster.pid")
}

servers_start() {
    place=$(mktemp -d "${TMPDIR:-/tmp}/pgbaton-bench-XXXXXX")
    ((EUID != 0)) || chown postgres: "$place"
    trap servers_stop EXIT
    trap 'exit 130' INT TERM HUP
    server_start source
    server_start target
}

servers_stop() {
    local name
    trap - EXIT
    trap '' HUP INT TERM       # one that comes now must not leave a server behind
    for name in source target; do
        [[ ! -f $place/$name/postmaster.pid ]] || as_postgres "$bin/pg_ctl" -D "$place/$name" -m immediate -w -s stop || true
    done
    rm -rf "${place:?}"
}

uri() { echo "postgresql://postgres@127.0.0.1:${port[$1]}/$2"; }

# on SERVER DATABASE [OPTION…]: psql that stops at the first error; prints bare values.
on() {
    local server=$1 database=$2
    shift 2
    timeout 1200 psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$(uri "$server" "$database")" "$@"
}

# A database of that name, empty or as the template, with nothing left to be written for it.
fresh() { # SERVER DATABASE [TEMPLATE]
    on "$1" postgres -c "DROP DATABASE IF EXISTS $2 WITH (FORCE)" -c "CREATE DATABASE $2 TEMPLATE ${3:-template1} STRATEGY file_copy" -c CHECKPOINT
}

drop_slots() { # all of one server that nobody reads
    on "$1" postgres -c "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active AND slot_name ~ '$2'" >/dev/null
}
