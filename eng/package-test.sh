#!/usr/bin/env bash
# package-test.sh: installs each package into a folder of its own, and runs what came out. What this machine lacks is said, not passed over.
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/say.sh

packages=$PWD/artifacts/packages
place=$(mktemp -d "${TMPDIR:-/tmp}/pgbaton-packages-XXXXXX")
trap 'rm -rf "$place"' EXIT
version=$(jq -r .metadata.component.version "$packages"/pgbaton-*.cdx.json)
lacking=()

ok() { note "ok: $*"; }
has() { command -v "$1" >/dev/null || { lacking+=("$1"); return 1; }; }

tells_itself() {
    local told
    told=$("$@" --version)
    [[ $told =~ ^pgbaton\ [0-9.]+\ \(commit\ ([0-9a-f]{40}|unknown),\ \.NET\ [0-9.]+,\ [a-z0-9.-]+\)$ ]] || fail "$1 --version says: $told"
    "$@" explain PB0024 >/dev/null
}

checksums() {
    (cd "$packages" && sha256sum --check --strict --quiet SHA256SUMS)
    ok "checksums"
}

# With dpkg itself, in a root and a database of its own; what it depends on is looked at by its name.
debian() {
    local deb=("$packages"/pgbaton_*.deb) root=$place/deb
    [[ $(dpkg-deb -f "${deb[0]}" Depends) == *postgresql-client* ]] || fail "the package does not depend on postgresql-client"
    mkdir -p "$root/var/lib/dpkg"/{info,updates,triggers}
    touch "$root/var/lib/dpkg"/{status,available}
    dpkg --root="$root" --force-depends --force-not-root --log=/dev/null -i "${deb[0]}" >"$place/dpkg.log" 2>&1 || fail "$(cat "$place/dpkg.log")"
    tells_itself "$root/usr/bin/pgbaton"
    [[ $(dpkg --root="$root" -L pgbaton) == */usr/share/man/man1/pgbaton.1.gz* ]] || fail "no man page"
    page "$root/usr/share/man/man1/pgbaton.1.gz"
    shells "$root"
    units "$root"
    dpkg --root="$root" --force-not-root --log=/dev/null --purge pgbaton >/dev/null 2>&1
    [[ ! -e $root/usr/bin/pgbaton ]] || fail "something stays when the package goes"
    ok "Debian package: installed, run, purged"
}

page() {
    has groff || return 0
    local complaints
    complaints=$(gzip -dc "$1" | groff -man -Tutf8 -ww -W break 2>&1 >"$place/page.txt")
    [[ -z $complaints ]] || fail "the man page: $complaints"
    grep -q 'CUTOVER\|cutover' "$place/page.txt" || fail "the man page knows no cutover"
    ok "man page"
}

# As the shells themselves complete.
shells() {
    local root=$1 found
    # shellcheck disable=SC2016
    found=$(bash -euc 'source "$1"; COMP_WORDS=(pgbaton cutover --max); COMP_CWORD=2; _pgbaton; echo "${COMPREPLY[*]}"' - "$root/usr/share/bash-completion/completions/pgbaton")
    [[ $found == --max-downtime ]] || fail "bash completes to \"$found\""
    # shellcheck disable=SC2016
    found=$(bash -euc 'source "$1"; COMP_WORDS=(pgbaton rol); COMP_CWORD=1; _pgbaton; echo "${COMPREPLY[*]}"' - "$root/usr/share/bash-completion/completions/pgbaton")
    [[ $found == rollback ]] || fail "bash completes to \"$found\""
    ok "completion: bash"
    if has fish; then
        found=$(fish --no-config -c "source $root/usr/share/fish/vendor_completions.d/pgbaton.fish; complete -C 'pgbaton cutover --max'" | cut -f1)
        [[ $found == --max-downtime ]] || fail "fish completes to \"$found\""
        ok "completion: fish"
    fi
    if has zsh; then
        zsh -n "$root/usr/share/zsh/vendor-completions/_pgbaton" || fail "zsh cannot read its script"
        ok "completion: zsh reads it"
    fi
}

# They name the program where the package puts it.
units() {
    has systemd-analyze || return 0
    local unit complaints
    for unit in "$1"/usr/lib/systemd/system/pgbaton-*.service; do
        sed "s|/usr/bin/pgbaton|$1/usr/bin/pgbaton|; /^Documentation=/d" "$unit" >"$place/$(basename "$unit")"
        complaints=$(systemd-analyze verify "$place/$(basename "$unit")" 2>&1 | grep -F pgbaton || true)
        [[ -z $complaints ]] || fail "$complaints"
    done
    ok "systemd units"
}

tarball() {
    tar -C "$place" -xaf "$packages"/pgbaton-*-linux-x64.tar.gz
    tells_itself "$place"/pgbaton-*/usr/bin/pgbaton
    ok "tarball"
}

windows() {
    local zip=("$packages"/pgbaton-*-win-x64.zip)
    unzip -qq -t "${zip[0]}"
    [[ $(unzip -p "${zip[0]}" pgbaton.exe | head -c 2) == MZ ]] || fail "pgbaton.exe is no program of Windows"
    lacking+=("Windows")
    ok "zip for Windows: whole"
}

tool() {
    dotnet tool install PgBaton.Cli --tool-path "$place/tool" --add-source "$packages" --version "$version" --no-cache >"$place/tool.log" 2>&1 || fail "$(cat "$place/tool.log")"
    tells_itself "$place/tool/pgbaton"
    ok "dotnet tool"
}

sbom() {
    jq -e '.bomFormat == "CycloneDX" and ([.components[].name] | index("Npgsql") and index("Spectre.Console"))
           and all(.components[]; .version | test("^[0-9]"))' "$packages"/pgbaton-*.cdx.json >/dev/null || fail "the SBOM is not whole"
    [[ $(jq -r '.metadata.component.hashes[0].content' "$packages"/pgbaton-*.cdx.json) == $(sha256sum artifacts/publish/pgbaton | cut -c1-64) ]] ||
        fail "the SBOM is of another program"
    ok "SBOM"
}

kubernetes() {
    has kubectl || return 0
    [[ $(kubectl kustomize deploy/kubernetes | grep -c '^kind: ') == 4 ]] || fail "kustomize does not make four objects"
    ok "Kubernetes: kustomize reads it"
}

checksums
debian
tarball
windows
tool
sbom
kubernetes
((${#lacking[@]} == 0)) || note "not tried, because this machine lacks it: ${lacking[*]}"
note "not tried: the container, the units under systemd, the cluster"
