#!/usr/bin/env bash
# package.sh: from artifacts/publish and the sources to artifacts/packages: a Debian package, a tarball, a zip for Windows, a dotnet tool, the list of all that is inside
# (SBOM, CycloneDX) and their checksums. Each is tried by eng/package-test.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/say.sh
source eng/packages.sh

readonly program=artifacts/publish/pgbaton out=artifacts/packages tree=artifacts/package-tree
[[ -x $program ]] || fail "there is no $program: ./build publish"
version=$("$program" --version | sed -n 's/^pgbaton \([^ ]*\) .*/\1/p')
[[ -n $version ]] || fail "$program does not tell its version"

rm -rf "$out" "$tree"
mkdir -p "$out" "$tree"
install_packages zip unzip jq

# install_tree ROOT: what stands where on a system of Debian's kind.
install_tree() {
    local root=$1 shell
    install -D -m 755 "$program" "$root/usr/bin/pgbaton"
    install -D -m 644 LICENSE "$root/usr/share/doc/pgbaton/copyright"
    install -d "$root/usr/share/man/man1"
    "$program" help man | gzip -9n >"$root/usr/share/man/man1/pgbaton.1.gz"
    gzip -9nc CHANGELOG.md >"$root/usr/share/doc/pgbaton/changelog.gz"
    for shell in bash/bash-completion/completions/pgbaton zsh/zsh/vendor-completions/_pgbaton fish/fish/vendor_completions.d/pgbaton.fish; do
        install -d "$(dirname "$root/usr/share/${shell#*/}")"
        "$program" completion "${shell%%/*}" >"$root/usr/share/${shell#*/}"
    done
    install -D -m 644 -t "$root/usr/lib/systemd/system" deploy/systemd/*.service
}

# Neither the compiler nor the runtime is Debian's: the program brings its own, and links to what stands in Depends.
debian() {
    local root=$tree/deb size
    install_tree "$root"
    chmod -R u+rwX,go+rX,go-w "$root"
    size=$(du -sk --apparent-size "$root" | cut -f1)
    mkdir "$root/DEBIAN"
    cat >"$root/DEBIAN/control" <<END
Package: pgbaton
Version: $version
Architecture: amd64
Maintainer: the pgbaton developers <pgbaton@example.org>
Installed-Size: $size
Depends: postgresql-client, libc6 (>= 2.27), libgcc-s1, libstdc++6, libssl3 | libssl3t64 | libssl1.1, zlib1g
Recommends: ca-certificates
Section: database
Priority: optional
Description: move a live PostgreSQL database to another server
 Checks both servers, copies, follows every change, verifies every row and cuts
 over while the application keeps writing, with a way back. The client programs
 of postgresql-client have to be at least as new as the source.
END
    (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    run dpkg-deb --root-owner-group -Zxz --build "$root" "$out/pgbaton_${version}_amd64.deb" >&2
}

tarball() {
    local root=$tree/tar/pgbaton-$version
    install_tree "$root"
    run tar --sort=name --owner=0 --group=0 --numeric-owner -C "$tree/tar" -caf "$out/pgbaton-$version-linux-x64.tar.gz" "pgbaton-$version"
}

# Made here, and run nowhere: nothing of Windows is at hand.
windows() {
    run zip -q -X -j "$out/pgbaton-$version-win-x64.zip" artifacts/publish-windows/pgbaton.exe LICENSE CHANGELOG.md >&2
}

# For every platform that has the .NET and ASP.NET Core runtimes: no machine code, nothing cut away. Without runtimes of its own it has other packages
# than the lock files say, so it is made from a copy of the sources that has none.
tool() {
    local sources=$tree/tool commit
    commit=$("$program" --version | sed -n 's/.*(commit \([0-9a-z]*\).*/\1/p')
    mkdir -p "$sources"
    tar --exclude=./artifacts --exclude=./.git --exclude=packages.lock.json -cf - . | tar -xf - -C "$sources"
    run dotnet pack "$sources/src/PgBaton.Cli" --configuration Release --disable-build-servers --output "$out" -p:PackAsTool=true \
        -p:ToolCommandName=pgbaton -p:RuntimeIdentifiers= -p:PublishTrimmed=false -p:PublishSingleFile=false \
        -p:RestorePackagesWithLockFile=false -p:SourceRevisionId="$commit" -v quiet >&2
}

# What is inside: our own assemblies, the packages of the lock files, the runtime they are joined with.
sbom() {
    local runtime
    runtime=$("$program" --version | sed -n 's/.*\.NET \([0-9.]*\).*/\1/p')
    jq -s --arg version "$version" --arg runtime "$runtime" --arg hash "$(sha256sum "$program" | cut -c1-64)" '
        def package($name; $version): { type: "library", name: $name, version: $version, "bom-ref": "pkg:nuget/\($name)@\($version)", purl: "pkg:nuget/\($name)@\($version)" };
        { bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
          metadata: { component: { type: "application", name: "pgbaton", version: $version, "bom-ref": "pgbaton",
                                   hashes: [{ alg: "SHA-256", content: $hash }], licenses: [{ license: { id: "Apache-2.0" } }] } },
          components:
            ( [ .[].dependencies[] | to_entries[] | select(.value.type != "Project" and .value.resolved != null)
                | select(.key | test("Analyzers|ILLink") | not) | package(.key; .value.resolved) ]
            + [ package("Microsoft.NETCore.App.Runtime.linux-x64"; $runtime), package("Microsoft.AspNetCore.App.Runtime.linux-x64"; $runtime) ]
            | unique_by(.purl) ) }' \
        src/*/packages.lock.json >"$out/pgbaton-$version.cdx.json"
}

debian
tarball
windows
tool
sbom
(cd "$out" && sha256sum -- [Pp]g[Bb]aton* >SHA256SUMS)
ls -l "$out" >&2
