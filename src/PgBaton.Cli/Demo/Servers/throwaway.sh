# Runs one throwaway server for as long as somebody holds the other end of this script's standard input.
# Arguments: the folder of the server's programs, the folder to make ours in, settings, ports to try. First line of input: the password.
# Prints "folder …", then "ready PORT"; what goes wrong goes to standard error.
# The end of the input (whoever started us has died, or let go) stops the server and removes its folder; a line "keep" leaves both.
trap '' HUP INT TERM PIPE
umask 077
bin=$1 parent=$2 settings=$3
shift 3

IFS= read -r password || exit 1
folder=$(mktemp -d "$parent/pgbaton-XXXXXX" 2>/dev/null || mktemp -d /tmp/pgbaton-XXXXXX) || exit 1
echo "folder $folder"
cd "$folder" || exit 1

end() {
    [ ! -f data/postmaster.pid ] || "$bin/pg_ctl" -D "$folder/data" -m immediate -w -s stop >/dev/null 2>&1 </dev/null
    cd /
    rm -rf "$folder"
    exit "$1"
}

printf '%s\n' "$password" >password
"$bin/initdb" -D data --username=postgres --pwfile=password --auth-local=trust --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 </dev/null || { cat initdb.log >&2; end 1; }
rm password

# The path of a socket may have 107 bytes.
sockets=$folder
[ ${#folder} -lt 85 ] || sockets=
printf "%s\nunix_socket_directories = '%s'\n" "$settings" "$sockets" >>data/postgresql.conf

# The server itself decides whether a port is free: it does not start on one that is taken.
for port; do
    if "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -o "-p $port" -w -t 60 -s start >pg_ctl.log 2>&1 </dev/null; then
        echo "ready $port"
        read -r word && [ "$word" = keep ] && exit 0
        end 0
    fi
    grep -q 'could not bind' log || break
done
cat pg_ctl.log log >&2
end 1
