#!/usr/bin/env bash
# setup.sh [MAJOR…]: installs what is missing of the servers and clients. Does nothing, quickly, when nothing is.
set -euo pipefail
cd "$(dirname "$0")"
source ./say.sh
source ./versions.sh
source ./packages.sh

[[ $postgres_root == /* ]] || fail "PGBATON_POSTGRES must be an absolute path: $postgres_root"
for major; do
    [[ $major == "$debian_major" || -v "server_version[$major]" ]] ||
        fail "no PostgreSQL $major here, only $(known_majors)"
done
(($# > 0)) || set -- "${default_majors[@]}"

missing_homes() {
    local major
    for major in "$debian_major" "$@"; do
        is_installed "$major" "${server_version[$major]:-}" || printf '%s\n' "$major"
    done | sort -un
    is_installed client "$client_major" || echo client
}

# Debian's package makes and starts a server of its own when it is installed; this keeps it from that.
install_debian_server() {
    local settings=/etc/postgresql-common/createcluster.d/pgbaton-setup.conf
    if [[ ! -x /usr/lib/postgresql/$debian_major/bin/postgres ]]; then
        note "PostgreSQL $debian_major is missing; Debian's postgresql-$debian_major will be installed."
        as_root mkdir -p "${settings%/*}"
        as_root tee "$settings" <<<'create_main_cluster = false' >/dev/null
        install_packages "postgresql-$debian_major" "postgresql-client-$debian_major" openssl
        as_root rm -f "$settings"
    fi
    ln -sfnT "/usr/lib/postgresql/$debian_major" "$postgres_root/$debian_major"
}

./pooler.sh
[[ -z $(missing_homes "$@") ]] && exit

mkdir -p "$postgres_root"
exec {lock}>"$postgres_root/.lock"
flock "$lock"       # two at once: the second waits, then finds nothing missing
rm -rf "$postgres_root"/.tmp-*

for home in $(missing_homes "$@"); do
    case $home in
        "$debian_major")
            install_debian_server ;;
        client)
            install_packages gcc libc6-dev make perl bison flex bzip2 libssl-dev zlib1g-dev
            ./build-client.sh ;;
        *)
            command -v npm >/dev/null || install_packages npm
            ./install-server.sh "$home" ;;
    esac
done
note "Installed in $postgres_root: $(cd "$postgres_root" && echo *)"
