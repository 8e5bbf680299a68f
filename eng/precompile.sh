#!/usr/bin/env bash
# precompile.sh DIRECTORY
#
# Gives the assemblies of a built program machine code beside their IL: a command then answers in a third of the time, since most of a short one's life
# would go to compiling the driver. Code of the framework that is generic over types of ours is compiled too, bound to what it was compiled against: the
# runtime compares, and compiles again where it changed. Where the compiler is not to be had everything works as well, and starts slower.
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/say.sh

readonly directory=$1 cache=artifacts/precompiled assemblies=(Npgsql System.CommandLine PgBaton.Core PgBaton.Web pgbaton)

[[ $(uname -sm) == 'Linux x86_64' ]] || exit 0
version=$(dotnet msbuild eng/Precompiler.proj -nologo -getProperty:BundledNETCoreAppPackageVersion)
compiler=${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.netcore.app.crossgen2.linux-x64/$version/tools/crossgen2
framework=$(dotnet --list-runtimes | sed -n "s/^Microsoft\.NETCore\.App $version \[\(.*\)\]$/\1\/$version/p")
if [[ ! -f $compiler ]]; then
    dotnet restore eng/Precompiler.proj --disable-build-servers >artifacts/precompiler.log 2>&1 || true
fi
if [[ ! -f $compiler || -z $framework ]]; then
    note "No compiler to machine code for .NET $version: commands start slower."
    exit 0
fi

mkdir -p "$cache"
for assembly in "${assemblies[@]}"; do
    il=$directory/$assembly.dll
    made=$cache/$(sha256sum "$il" | cut -c1-32).dll
    grep -qxF "$(basename "$made")" "$cache/made" 2>/dev/null && continue # What stands there came from here.
    if [[ ! -f $made ]]; then
        "$compiler" "$il" --out "$made.part" --reference "$framework/*.dll" \
            --reference "${framework/Microsoft.NETCore.App/Microsoft.AspNetCore.App}/*.dll" --reference "$directory/*.dll" \
            --opt-cross-module:'*' --opt-async-methods --non-local-generics-module:'*' \
            --targetos linux --targetarch x64 -O >artifacts/precompiler.log || { note "$assembly stays as it is: artifacts/precompiler.log"; continue; }
        mv "$made.part" "$made"
        basename "$(sha256sum "$made" | cut -c1-32).dll" >>"$cache/made"
    fi
    cp "$made" "$il.part"
    mv "$il.part" "$il" # Not into the file that a running process may have mapped.
done
