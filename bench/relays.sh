# shellcheck shell=bash disable=SC2154
# The ways to catch up with a backlog. One is made for each workload, and read again by every tool: a copy of the slot, a copy of the target as it was.

load_c1() { pgbench -i -q -s "$scale" "$(uri source c1)" >"$place/pgbench.log" 2>&1; on source c1 -c "ALTER TABLE pgbench_history ADD COLUMN id bigserial PRIMARY KEY"; }
write_c1() { pgbench -n -c 8 -j 2 -t $((transactions / 8)) "$(uri source c1)"; }

load_c2() { on source c2 -v transactions=0 -v rows=1 -f bench/bulk.sql; }
write_c2() { on source c2 -v transactions="$bulk_transactions" -v rows="$bulk_rows" -f bench/bulk.sql; }

load_c3() { on source c3 -v tables="$tables" -f bench/many.sql; }
write_c3() { pgbench -n -c 4 -j 2 -D tables="$tables" -f bench/many.pgbench -t $((many_transactions / 4)) "$(uri source c3)"; }

# A target in step, a slot that stands where it stood, and then the backlog.
relay_prepare() { # WORKLOAD
    local from=$1
    fresh source "$from"
    fresh target "base_$from"
    on source "$from" -c "CREATE TABLE marker (id int PRIMARY KEY)"
    "load_$from"
    "$pgbaton" migrate --source "$(uri source "$from")" --target "$(uri target "base_$from")" --until in-sync --jobs "$jobs" --name "$from" >"$place/migrate.log" 2>&1 ||
        { tail -n 30 "$place/migrate.log" >&2; fail "the target of $from was not brought in step"; }
    on source "$from" -c "SELECT pg_copy_logical_replication_slot('pgbaton_$from', 'kept_$from')" >/dev/null
    "write_$from" >"$place/write.log" 2>&1 || { tail "$place/write.log" >&2; fail "the backlog of $from was not written"; }
    on source "$from" -c "INSERT INTO marker VALUES (1)"
    end_lsn=$(on source "$from" -c "SELECT pg_current_wal_lsn()")
    on source "$from" -c "SELECT pg_logical_emit_message(true, 'bench', 'end')" >/dev/null
    rm -f "$place/digests.$from"
}

# From the start of the process until the last change is seen on the target, as with the others.
relay_pgbaton() {
    local engine
    "$pgbaton" migrate --source "$(uri source "$from")" --target "$(uri target "$to")" --name "$from" &
    engine=$!
    wait_for_marker
    now >"$place/tool.reached"
    kill -TERM "$engine"
    wait "$engine" || true
}

# Over the driver's wire instead of our own.
relay_pgbaton_npgsql() { PGBATON_WIRE=npgsql relay_pgbaton; }

# A transaction each time it looks: one snapshot for all of them would keep every version of a row that is updated again and again.
wait_for_marker() {
    on target "$to" -c "DO \$\$ BEGIN WHILE NOT EXISTS (SELECT FROM public.marker) LOOP COMMIT; PERFORM pg_sleep(0.01); END LOOP; END \$\$"
}

# Off as in a subscription that is made by default before 18; its apply commits without waiting for the disk, as ours does.
relay_subscription() {
    on target "$to" -c "CREATE SUBSCRIPTION bench CONNECTION '$(uri source "$from")' PUBLICATION pgbaton_$from WITH (create_slot = false, slot_name = 'pgbaton_$from', copy_data = false, binary = ${binary:-false}, streaming = ${streaming:-off}, synchronous_commit = off)"
    wait_for_marker
}
relay_subscription_binary() { binary=true relay_subscription; }
relay_subscription_parallel() { streaming=parallel relay_subscription; }
clean_relay_subscription() {
    on target "$to" -c "ALTER SUBSCRIPTION bench DISABLE" -c "ALTER SUBSCRIPTION bench SET (slot_name = NONE)" -c "DROP SUBSCRIPTION bench"
    on source postgres -c "DO \$\$ BEGIN WHILE EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'pgbaton_$from' AND active) LOOP PERFORM pg_sleep(0.02); END LOOP; END \$\$"
}
clean_relay_subscription_binary() { clean_relay_subscription; }
clean_relay_subscription_parallel() { clean_relay_subscription; }

# Nothing is written anywhere: what one walsender can do at most.
relay_recvlogical() {
    pg_recvlogical -d "$(uri source "$from")" --slot "pgbaton_$from" --start -o proto_version=1 -o publication_names="pgbaton_$from" -o binary=true \
        --endpos "$end_lsn" --no-loop -f /dev/null
}

relay_tools() { echo "pgbaton pgbaton_npgsql subscription subscription_binary subscription_parallel recvlogical"; }

# relay_once WORKLOAD TOOL ROUND
relay_once() {
    local from=$1 to=run_relay
    fresh target "$to" "base_$from"
    on source "$from" -c "SELECT pg_drop_replication_slot('pgbaton_$from')" -c "SELECT pg_copy_logical_replication_slot('kept_$from', 'pgbaton_$from')" -c CHECKPOINT >/dev/null
    measure "relay_$2" && { [[ $2 == recvlogical ]] || must_equal "$from" "$to"; } && record "$1" "$2" "$3"
    ! declare -F "clean_relay_$2" >/dev/null || "clean_relay_$2"
}

# From a commit on the source until it is seen on the target, with nothing else to do; in milliseconds.
latency() {
    local from=c1 to=run_relay engine table=marker count=$latency_rows
    fresh target "$to" base_c1
    on source c1 -c "SELECT pg_drop_replication_slot('pgbaton_c1')" -c "SELECT pg_copy_logical_replication_slot('kept_c1', 'pgbaton_c1')" >/dev/null
    "$pgbaton" migrate --source "$(uri source c1)" --target "$(uri target "$to")" --name c1 >"$place/engine.log" 2>&1 &
    engine=$!
    on target "$to" -At >"$place/seen" 2>&1 <<END &
SET search_path = public;
DO \$\$ DECLARE seen text := ''; BEGIN
    FOR i IN 2..$((count + 1)) LOOP
        WHILE NOT EXISTS (SELECT FROM $table WHERE id = i) LOOP COMMIT; PERFORM pg_sleep(0.001); END LOOP;
        seen := seen || i || ' ' || extract(epoch FROM clock_timestamp()) || E'\\n';
    END LOOP;
    PERFORM set_config('bench.seen', seen, false);
END \$\$;
SELECT current_setting('bench.seen');
END
    local watcher=$!
    wait_for_marker
    on source c1 -c "SELECT pg_sleep(3)" >/dev/null     # The engine is in step and idle.
    on source c1 -At >"$place/written" <<END
DO \$\$ DECLARE written text := ''; BEGIN
    FOR i IN 2..$((count + 1)) LOOP
        INSERT INTO $table VALUES (i);
        COMMIT;
        written := written || i || ' ' || extract(epoch FROM clock_timestamp()) || E'\\n';
        PERFORM pg_sleep(0.05 + random() * 0.05);
    END LOOP;
    PERFORM set_config('bench.written', written, false);
END \$\$;
SELECT current_setting('bench.written');
END
    wait "$watcher" || true
    kill -TERM "$engine"
    wait "$engine" || true
    join "$place/written" "$place/seen" | awk '{ printf "%.2f\n", ($3 - $2) * 1000 }' | sort -n >"$place/latencies"
    (($(wc -l <"$place/latencies") >= count)) || { tail "$place/engine.log" "$place/seen" >&2; return 1; }
    awk -v out="$results/latency.tsv" '{ v[NR] = $1 } END { printf "%d\t%.1f\t%.1f\t%.1f\n", NR, v[int((NR + 1) / 2)], v[int(NR * 0.99 + 0.5)], v[NR] >out }' "$place/latencies"
}
