# shellcheck shell=bash
# Debian's source packages, where its programs will not do. Needs say.sh.

# fetch_debian_source PACKAGE SUITE…: from the first suite that has it, into the current directory, from the mirror this machine already uses, checked
# by apt with Debian's key. An apt of its own in ./apt: one source list, its own lists and cache; /etc/apt stays as it is.
fetch_debian_source() {
    local package=$1 mirror suite
    shift
    mkdir -p apt/lists/partial apt/cache
    cat >apt.conf <<END
Dir::Etc::SourceList "$PWD/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$PWD/apt/lists";
Dir::Cache "$PWD/apt/cache";
Acquire::Languages "none";
APT::Sandbox::User "$(id -un)";
END
    mirror=$(apt-get update --print-uris | sed -n "s|^'\(.*\)/dists/$(debian_codename)/InRelease'.*|\1|p" | head -n 1)
    [[ -n $mirror ]] || return 1
    for suite; do
        printf 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$suite" >apt/sources.list
        isolated_apt update && isolated_apt --only-source --download-only source "$package" && return
    done
    return 1
}

debian_codename() {
    (. /etc/os-release && echo "$VERSION_CODENAME")
}

isolated_apt() {
    APT_CONFIG=$PWD/apt.conf run apt-get -qq "$@" >&2
}
