# shellcheck shell=bash
# Debian packages, installed only when they are missing.

missing_packages() {
    local package
    for package; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
    done
}

as_root() {
    if ((EUID == 0)); then
        run "$@"
    elif command -v sudo >/dev/null; then
        run sudo "$@"
    else
        fail "neither root nor sudo is to be had here, for: $*"
    fi
}

lists_are_fresh=

install_packages() {
    local missing
    command -v apt-get >/dev/null || fail "apt-get not found: ./build setup knows Debian only"
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0
    [[ -n $lists_are_fresh ]] || as_root apt-get -qq update
    lists_are_fresh=1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
}
