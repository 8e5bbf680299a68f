# shellcheck shell=bash disable=SC2154
# The ways to copy a database: from an empty one to one that is ready, schema and indexes and all. "copy" runs in database $from of the source.
# Each function copy_NAME is measured; prepare_NAME and clean_NAME around it are not.

copy_pgbaton() {
    "$pgbaton" migrate --source "$(uri source "$from")" --target "$(uri target "$to")" --until copied --jobs "$jobs" --index-jobs "$jobs" --name bench
}
clean_pgbaton() {
    "$pgbaton" abort --yes --source "$(uri source "$from")" --target "$(uri target "$to")" --name bench >"$place/abort.log" 2>&1 ||
        { cat "$place/abort.log" >&2; return 1; }
}

# Over the driver's wire instead of our own.
copy_pgbaton_npgsql() { PGBATON_WIRE=npgsql copy_pgbaton; }
clean_pgbaton_npgsql() { clean_pgbaton; }

copy_dump_dir() {
    rm -rf "$place/dump"
    pg_dump -Fd -j "$jobs" -f "$place/dump" "$(uri source "$from")"
    pg_restore -j "$jobs" --no-owner -d "$(uri target "$to")" "$place/dump"
    on target "$to" -c ANALYZE
}
clean_dump_dir() { rm -rf "$place/dump"; }

copy_dump_pipe() {
    pg_dump -Fc -Z0 "$(uri source "$from")" | pg_restore --no-owner -d "$(uri target "$to")"
    on target "$to" -c ANALYZE
}

prepare_subscription() { on source "$from" -c "CREATE PUBLICATION bench FOR ALL TABLES"; }
copy_subscription() {
    pg_dump --schema-only --no-publications "$(uri source "$from")" | on target "$to" >"$place/schema.log"
    on target "$to" -c "CREATE SUBSCRIPTION bench CONNECTION '$(uri source "$from")' PUBLICATION bench WITH (binary = ${binary:-false}, streaming = ${streaming:-off})"
    on target "$to" -c "DO \$\$ BEGIN WHILE EXISTS (SELECT FROM pg_subscription_rel WHERE srsubstate NOT IN ('r', 's')) LOOP PERFORM pg_sleep(0.02); END LOOP; END \$\$"
    on target "$to" -c ANALYZE
}
clean_subscription() {
    on target "$to" -c "DROP SUBSCRIPTION bench"
    on source "$from" -c "DROP PUBLICATION bench"
}

prepare_subscription_binary() { prepare_subscription; }
copy_subscription_binary() { binary=true copy_subscription; }
clean_subscription_binary() { clean_subscription; }

# Rows alone, one stream, into tables without an index: what the servers can do at most.
prepare_pump() { pg_dump --schema-only --section=pre-data --no-publications "$(uri source "$from")" | on target "$to" >"$place/schema.log"; }
copy_pump() {
    local table
    while read -r table; do
        on source "$from" -c "COPY $table TO STDOUT (FORMAT binary)" | on target "$to" -c "COPY $table FROM STDIN (FORMAT binary)"
    done < <(tables_by_size)
}

# The same, then the indexes: what a copy costs at least in CPU.
prepare_pump_and_indexes() { prepare_pump; }
copy_pump_and_indexes() {
    copy_pump
    pg_dump --schema-only --section=post-data --no-publications "$(uri source "$from")" | on target "$to"
}

tables_by_size() {
    on source "$from" -c "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY pg_table_size(c.oid) DESC"
}

copy_pgcopydb() {
    rm -rf "$place/pgcopydb"
    pgcopydb clone --source "$(uri source "$from")" --target "$(uri target "$to")" --dir "$place/pgcopydb" --table-jobs "$jobs" --index-jobs "$jobs" --no-owner
}
clean_pgcopydb() { rm -rf "$place/pgcopydb"; }

copy_tools() {
    echo "pgbaton pgbaton_npgsql dump_dir dump_pipe subscription subscription_binary pump pump_and_indexes"
    ! command -v pgcopydb >/dev/null || echo pgcopydb
}

# copy_once WORKLOAD TOOL ROUND
copy_once() {
    local from=$1 to=run_copy
    fresh target "$to"
    on source "$from" -c CHECKPOINT
    ! declare -F "prepare_$2" >/dev/null || "prepare_$2" || return 1
    measure "copy_$2" && must_equal "$from" "$to" && record "$1" "$2" "$3"
    ! declare -F "clean_$2" >/dev/null || "clean_$2"
}

load_w1() {
    fresh source w1
    pgbench -i -q -s "$scale" "$(uri source w1)" >"$place/pgbench.log" 2>&1 || { cat "$place/pgbench.log" >&2; fail "pgbench -i has failed"; }
    on source w1 -c "ALTER TABLE pgbench_history ADD COLUMN id bigserial PRIMARY KEY" -c "VACUUM ANALYZE" # It would have no replica identity.
}

load_w2() {
    fresh source w2
    on source w2 -v rows="$rows" -v tables="$tables" -f bench/wide.sql
    on source w2 -c "VACUUM ANALYZE"
}
